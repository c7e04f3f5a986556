"use strict";
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Light and dark: as the system says, until somebody chooses.
  const theme = one("#theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
  const showTheme = () => theme.setAttribute("aria-pressed", String(isDark()));
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    showTheme();
  });
  dark.addEventListener("change", showTheme);
  showTheme();
  theme.hidden = false;

  // Filters.
  const posts = all("article.post").map((article) => ({
    article,
    verdict: article.dataset.v,
    rules: new Set(article.dataset.r.split(" ")),
    text: null,
  }));
  const filters = one("#filters");
  const words = one("#words");
  const rule = one("#rule");
  const picks = all(".pick button");

  const said = (post) => {
    if (post.text === null) {
      const parts = all("h3, header .meta, .draft", post.article);
      post.text = parts.map((part) => part.textContent).join("\n").toLowerCase();
    }
    return post.text;
  };

  const inQueue = (code) => {
    const found = all("li[data-queue-rule]").filter((item) => item.dataset.queueRule === code);
    return new Set(found.flatMap((item) => all("a[href^='#p']", item)).map((link) => link.hash.slice(1)));
  };

  const isPicked = (button) => button.getAttribute("aria-pressed") === "true";

  const apply = () => {
    const verdicts = new Set(picks.filter(isPicked).map((button) => button.dataset.show));
    const queued = rule.value.startsWith("queue/") ? inQueue(rule.value) : null;
    const wanted = words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const post of posts) {
      const shown =
        (verdicts.size === 0 || verdicts.has(post.verdict)) &&
        (rule.value === "" || post.rules.has(rule.value) || (queued !== null && queued.has(post.article.id))) &&
        wanted.every((word) => said(post).includes(word));
      post.article.hidden = !shown;
      left += shown ? 1 : 0;
    }
    const drafts = posts.length === 1 ? "draft" : "drafts";
    one("#shown").textContent =
      left === posts.length ? `${posts.length} ${drafts}` : `${left} of ${posts.length} ${drafts}`;
    one("#nothing").hidden = left > 0;
  };

  const pick = (verdict) => {
    for (const button of picks) {
      button.setAttribute("aria-pressed", String(button.dataset.show === verdict));
    }
  };

  const clear = () => {
    pick(null);
    words.value = "";
    rule.value = "";
    apply();
  };

  if (filters) {
    filters.hidden = false;
    filters.addEventListener("submit", (event) => event.preventDefault());
    filters.addEventListener("reset", (event) => {
      event.preventDefault();
      clear();
    });
    for (const button of picks) {
      button.addEventListener("click", () => {
        button.setAttribute("aria-pressed", String(!isPicked(button)));
        apply();
      });
    }
    rule.addEventListener("change", apply);
    let waiting = 0;
    words.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 120);
    });
    for (const link of all("#overview a[data-show], #overview a[data-rule]")) {
      link.addEventListener("click", () => {
        pick(link.dataset.show || null);
        words.value = "";
        rule.value = link.dataset.rule || "";
        apply();
      });
    }
  }

  // A link to a post that the filters have left out brings all posts back.
  const reveal = (hash) => {
    const target = /^#[a-z0-9]+$/.test(hash) ? document.getElementById(hash.slice(1)) : null;
    const article = target && target.closest("article.post");
    const fold = target && target.closest("details");
    if (fold) {
      fold.open = true;
      target.scrollIntoView();
    }
    if (article && article.hidden) {
      clear();
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", () => reveal(location.hash));
  document.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-p]");
    if (mark) {
      location.hash = `p${mark.dataset.p}`;
    }
  });

  // The reasons, where the marked words are pointed at or have the focus.
  const tip = one("#tip");
  let lit = [];
  let shownFor = null;

  const light = (article, numbers) => {
    for (const element of lit) {
      element.classList.remove("lit");
    }
    lit = [];
    if (article) {
      const those = (element) => (element.dataset.f || element.dataset.n || "").split(" ").some((n) => numbers.includes(n));
      lit = all(".m, .reasons > li", article).filter(those);
      for (const element of lit) {
        element.classList.add("lit");
      }
    }
  };

  const hide = () => {
    if (shownFor) {
      shownFor.removeAttribute("aria-describedby");
    }
    shownFor = null;
    tip.hidden = true;
    light(null, []);
  };

  const show = (mark) => {
    if (shownFor === mark) {
      return;
    }
    hide();
    const article = mark.closest("article.post");
    const numbers = mark.dataset.f.split(" ");
    light(article, numbers);
    const reasons = numbers.map((n) => document.getElementById(`${article.id}f${n}`)).filter(Boolean);
    const lines = reasons.flatMap((reason) => all(":scope > .said, :scope > .help", reason));
    tip.replaceChildren(...lines.map((line) => line.cloneNode(true)));
    tip.hidden = false;
    const box = mark.getClientRects()[0] || mark.getBoundingClientRect();
    const room = document.documentElement.clientWidth - tip.offsetWidth - 16;
    tip.style.left = `${Math.max(16, Math.min(box.left, room)) + scrollX}px`;
    const below = box.bottom + 8 + tip.offsetHeight < innerHeight || box.top < tip.offsetHeight + 8;
    const last = [...mark.getClientRects()].pop() || box;
    tip.style.top = `${(below ? last.bottom + 6 : box.top - tip.offsetHeight - 6) + scrollY}px`;
    mark.setAttribute("aria-describedby", "tip");
    shownFor = mark;
  };

  let leaving = 0;
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") {
      return;
    }
    const mark = event.target.closest("article .m");
    const reason = event.target.closest("article .reasons > li");
    clearTimeout(leaving);
    if (mark) {
      show(mark);
    } else if (reason) {
      hide();
      light(reason.closest("article.post"), [reason.dataset.n]);
    } else if (!event.target.closest("#tip")) {
      leaving = setTimeout(hide, 150);
    }
  });
  document.addEventListener("focusin", (event) => {
    const mark = event.target.closest("article a.m");
    if (mark && mark.matches(":focus-visible")) {
      show(mark);
    } else {
      hide();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      hide();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("article a.m")) {
      hide();
    }
  });

  // On paper nothing can be opened.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const element of closed) {
      element.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const element of closed) {
      element.open = false;
    }
  });
})();
