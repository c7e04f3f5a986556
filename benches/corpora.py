"""The inputs of the benchmarks, made here, the same at every run, of a vocabulary of our own.

Every generator takes a seed that is its own, so that a new one changes none of the others. Nothing here is measured.
"""

import csv
import datetime
import json
import random

FEELINGS = (
    "thrilled,excited,proud,honored,humbled,delighted,happy,pleased,stoked,grateful,"
    "overjoyed,ecstatic,blessed,pumped,glad,eager,amazed,fortunate,privileged,beyond excited"
).split(",")
DEEDS = "announce,share,present,launch,reveal,introduce,unveil,report,release,join".split(",")
WORDS = (
    "the the the a a of of to to in in and and for with on is was it that we they she he at from by as this which "
    "heron canal bread oven street lamp bicycle letter ticket ferry harbour garden soil rain window train timetable "
    "teacher pupil library shelf museum roof beam kettle spoon paper pencil notebook battery cable signal server "
    "morning evening winter spring market crowd neighbour bench corner bridge river path stone moss bird swift "
    "found lost kept built broke moved wrote read counted painted mended closed opened planted carried asked "
    "slow old small quiet long early late cold warm green narrow broken patient plain odd useful honest "
    "seven twelve because while although after before never often almost again together"
).split()
PROMOTION = [
    "Link in bio!",
    "Sign up now, only 3 spots left.",
    "Use code SWIFT20 for 20% off!",
    "DM me to work with us.",
    "Don't miss out, doors close tonight.",
    "We are an award-winning studio.",
    "Follow me for more tips like these.",
]
CONVERSATION = [
    "What would you have done?",
    "Thanks to @mara for the map.",
    "I was wrong about the oven.",
    "How did that go for you?",
]
TAILS = ["🚀", "🙏🏽 🎉", "— «déjà vu», said the café owner", "“quoted, so to speak”", "https://heron.example/a?b=1",
         "#canal #birds", "naïve Straße, Åse", "👩‍👩‍👧", "@jo", "…"]


# A config that says who is speaking.
ACCOUNT = """[identity]
handles = ["@acme", "@acmetools", "@acme_io"]
names = ["Acme", "Acme Tools", "Jo Acme"]
domains = ["acme.example", "acme.tools"]
products = ["Acme Board", "Acme Sync"]
"""


def sentence(rng):
    words = rng.choices(WORDS, k=rng.randint(5, 16))
    return " ".join(words).capitalize() + rng.choice(["."] * 6 + ["!", "?"])


def post(rng):
    """One post: about a third of them promote, a third hold something beyond ASCII."""
    said = [sentence(rng) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.25:
        said.insert(0, f"{rng.choice(FEELINGS).capitalize()} to {rng.choice(DEEDS)} our {rng.choice(WORDS)}!")
    if rng.random() < 0.2:
        said.append(rng.choice(PROMOTION))
    if rng.random() < 0.2:
        said.append(rng.choice(CONVERSATION))
    if rng.random() < 0.35:
        said.append(rng.choice(TAILS))
    return " ".join(said)


def write_posts(path, size, shape):
    """About `size` bytes of posts, each shaped by `shape`; never all of it in memory."""
    rng = random.Random(7)
    written = 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            text = shape(post(rng))
            written += len(text.encode())
            file.write(text)
    return path


def write_csv(path, count):
    """A table as schedulers take it: texts with quotation marks, commas and line breaks."""
    rng = random.Random(10)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Text", "Image URL", "Tags", "Posting Time"])
        for number in range(count):
            text = post(rng).replace(". ", ".\n\n", 1) + rng.choice(["", ' "So," she said.'])
            table.writerow([text, "", "", f"2026-{number % 12 + 1:02}-{number % 28 + 1:02} 09:00"])
    return path


def write_json(path, count):
    """A queue as programs write it, with escapes for all that is not ASCII."""
    rng = random.Random(11)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"posts":[')
        for number in range(count):
            entry = {"id": number, "text": post(rng).replace(". ", ".\n\n", 1), "platforms": ["x"], "when": "2026-05-06 09:00"}
            file.write((",\n" if number else "\n") + json.dumps(entry))
        file.write("]}\n")
    return path


def write_folders(folder, count):
    rng = random.Random(8)
    for number in range(count):
        path = folder / f"{number // 100:03}" / f"post-{number % 100:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(post(rng) + "\n", encoding="utf-8")
    return folder


def write_rules(path, count, found):
    """So many rules of three phrases each, which share some words with the posts, as the words of rules do: a tenth of the
    words make up most of what is written. None can be found in the posts, or one in ten, hundreds of times a megabyte."""
    rng = random.Random(9)
    lines = ['category = "bench"', 'title = "Bench"', ""]
    endings = [a + b for a in ("", "er", "ing", "ed", "ly", "ish", "ment", "ness") for b in ("", "s", "like", "wise")]
    rare = [word + ending for word in sorted(set(WORDS)) for ending in endings[1:]]

    def word(known):
        return rng.choice(WORDS if known or rng.random() < 0.2 else rare)

    for number in range(count):
        known = found and number % 10 == 0
        one, two, three, four = (word(known) for _ in range(4))
        if not known:
            # No post has this one.
            three = rng.choice(rare)
        phrases = [f"{one} {two} {three}", f"{{{two}|{four}}} [{one}] {three}", f"{four} ~2 {one if known else three}"]
        lines += ["[[rule]]", f'name = "rule-{number}"', 'level = "note"', 'message = "a phrase of the bench"',
                  f"phrases = {json.dumps(phrases)}", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def write_markdown(path, size):
    """About `size` bytes of drafts in one Markdown file, as a folder of notes holds them: a heading, a list, a link each."""
    def shape(text):
        first, *rest = text.split(". ", 1)
        return f"## {first}\n\n{'. '.join(rest) or first} See [the map](https://heron.example/map).\n\n- {first}\n- *and so on*\n\n"

    return write_posts(path, size, shape)


def write_records(path, size, say=post, seed=7):
    """About `size` bytes of JSON lines, a post each, as `say` writes one."""
    rng = random.Random(seed)
    written = 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            line = json.dumps({"text": say(rng)}, ensure_ascii=False) + "\n"
            written += len(line.encode())
            file.write(line)
    return path


def post_of(words):
    """Writes posts of about so many words."""
    def say(rng):
        said, count = [], 0
        while count < words:
            said.append(sentence(rng) if rng.random() < 0.9 else rng.choice(PROMOTION + CONVERSATION))
            count += said[-1].count(" ") + 1
        return " ".join(said)

    return say


def post_beyond_ascii(share):
    """Writes posts in which about this share of the words (0 to 1) holds a letter or sign beyond ASCII."""
    accents = str.maketrans("aeou", "äéöü")

    def say(rng):
        words = post_of(40)(rng).encode("ascii", "ignore").decode().split()
        return " ".join(
            rng.choice(TAILS[:1] + TAILS[6:]) if (drawn := rng.random()) < share / 8
            else word.translate(accents) if drawn < share else word for word in words)

    return say


def promotional(rng):
    """A post of which every sentence is found."""
    return " ".join(rng.sample(PROMOTION, 3))


def write_schedule(path, count):
    """Three years of posts in one table, on two networks."""
    rng = random.Random(11)
    start = datetime.datetime(2024, 1, 1, 9)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Text", "Date", "Platform"])
        for number in range(count):
            when = start + datetime.timedelta(minutes=number * 3 * 365 * 24 * 60 // count)
            rows.writerow([post(rng), when.strftime("%Y-%m-%d %H:%M"), rng.choice(["x", "mastodon"])])
    return path
