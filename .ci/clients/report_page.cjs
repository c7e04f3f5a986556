// Opens pages of `selfless report` in Chromium and holds them to what docs/report.md promises.
//
//   node report_page.cjs MODULES PAGES CHROMIUM
//
// MODULES is a folder with node_modules (puppeteer-core, axe-core); PAGES holds page.html, which the unit tests write
// (SELFLESS_PAGES=… cargo test --lib emit::html). Screenshots are left in PAGES.
"use strict";
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const [modules, pages, chromium] = process.argv.slice(2).map((name) => path.resolve(name));
const puppeteer = require(path.join(modules, "node_modules/puppeteer-core"));
const axe = path.join(modules, "node_modules/axe-core/axe.min.js");
const url = pathToFileURL(path.join(pages, "page.html")).href;

let failed = 0;
function check(holds, what, seen) {
  console.log(`${holds ? "ok  " : "FAIL"} ${what}${holds || seen === undefined ? "" : `: ${JSON.stringify(seen)}`}`);
  failed += holds ? 0 : 1;
}
const equal = (seen, expected, what) => check(JSON.stringify(seen) === JSON.stringify(expected), what, seen);

// A page that tells of everything that it should not do.
async function open(browser, { width = 1280, height = 900, scheme = "light", script = true, bypass = false } = {}) {
  const page = await browser.newPage();
  const told = [];
  page.on("console", (message) => told.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => told.push(`error: ${error.message}`));
  page.on("dialog", async (dialog) => {
    told.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const known = request.url().split("#")[0] === url || request.url().startsWith("data:");
    if (!known) {
      told.push(`request: ${request.url()}`);
    }
    return known ? request.continue() : request.abort();
  });
  await page.evaluateOnNewDocument(() => {
    window.broken = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      window.broken.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  await page.setBypassCSP(bypass);
  await page.setJavaScriptEnabled(script);
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  await page.goto(url);
  return { page, told };
}

const shown = (page) =>
  page.$$eval("article.post", (all) => all.filter((one) => !one.hidden).map((one) => one.dataset.v));
const text = (page, selector) => page.$eval(selector, (element) => element.textContent.trim());
const focused = (page) =>
  page.evaluate(() => {
    const { id, className, dataset } = document.activeElement;
    return id || dataset.show || className;
  });
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function quiet(browser) {
  const { page, told } = await open(browser);
  equal(await page.title(), "15 drafts read by selfless", "title is ours, whatever drafts hold");
  equal(await page.$$eval("script, img, iframe, style, link", (all) => all.map((one) => one.localName).sort()),
    ["link", "script", "style"], "markup of drafts makes no elements");
  check((await text(page, "#p12 .draft")).includes("<script>document.title='owned'</script>"), "script is text");
  check((await text(page, "#p13 .draft")).includes("</style></script></textarea>"), "end of style is text");
  check((await page.$$eval("a", (all) => all.map((one) => one.getAttribute("href")))).every((href) => /^#[\w-]+$/.test(href)),
    "all links stay on the page");
  check(!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(await page.content()), "no control characters");
  check((await text(page, "#p14 .draft")).includes("␛[31m"), "escapes of terminals are visible");
  equal(await page.evaluate(() => getComputedStyle(document.body).display), "block", "style of drafts does nothing");
  // Whoever adds a script or a style in spite of all does not get it run.
  const inert = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.owned = 1";
    document.body.append(script);
    const frame = document.createElement("img");
    frame.src = "https://images.example/a.png";
    document.body.append(frame);
    await new Promise((done) => setTimeout(done, 100));
    const seen = [window.owned ?? 0, window.broken.length];
    script.remove();
    frame.remove();
    window.broken = [];
    return seen;
  });
  equal(inert, [0, 2], "the policy blocks added scripts and images");
  check(told.every((line) => line.startsWith("console: ") && /Content.Security.Policy/.test(line)), "and nothing else was told", told);
  told.length = 0;
  return { page, told };
}

async function mouse(page) {
  await page.click(".pick button[data-show=pro]");
  check((await shown(page)).every((verdict) => verdict === "pro"), "a verdict is filtered by mouse");
  equal(await page.$eval(".pick button[data-show=pro]", (one) => one.getAttribute("aria-pressed")), "true", "pressed is told");
  const promotional = (await shown(page)).length;
  equal(await text(page, "#shown"), `${promotional} of 15 drafts`, "count is told");
  await page.click(".pick button[data-show=con]");
  check((await shown(page)).length > promotional, "a second verdict adds");
  await page.select("#rule", "ask/soft");
  check((await page.$$eval("article.post:not([hidden])", (all) => all.map((one) => one.dataset.r)))
    .every((rules) => rules.split(" ").includes("ask/soft")), "a rule is filtered");
  await page.click("#filters button[type=reset]");
  equal((await shown(page)).length, 15, "show all shows all");
  await page.select("#rule", "queue/run");
  equal((await shown(page)).length, 2, "a rule of queues shows its posts");
  await page.evaluate(() => { location.hash = "#p4"; });
  await pause(100);
  equal((await shown(page)).length, 15, "a link to a hidden post brings it back");
  await page.click("#overview a[data-rule='ask/soft']");
  check((await shown(page)).length < 15, "the overview leads to filtered posts");
  await page.click("#filters button[type=reset]");
  await page.hover("#p5 a.m");
  await page.waitForFunction(() => !document.querySelector("#tip").hidden, { timeout: 5000 }).catch(() => {});
  check(await page.$eval("#tip", (tip) => !tip.hidden && tip.textContent.includes("What would help")), "hover shows the reason");
  check(await page.$eval("#p5f1", (one) => one.classList.contains("lit")), "hover lights the reason in the list");
  await page.hover("h1");
  await page.waitForFunction(() => document.querySelector("#tip").hidden, { timeout: 5000 }).catch(() => {});
  check(await page.$eval("#tip", (tip) => tip.hidden), "and it goes again");
  await page.$eval(".mark[data-p='5']", (one) => one.dispatchEvent(new MouseEvent("click", { bubbles: true })));
  equal(await page.evaluate(() => location.hash), "#p5", "a mark of the picture leads to its post");
}

async function keyboard(browser) {
  const { page, told } = await open(browser);
  await page.keyboard.press("Tab");
  equal(await page.evaluate(() => document.activeElement.hash), "#overview", "the first stop is a way past the top");
  check(await page.evaluate(() => document.activeElement.getBoundingClientRect().top >= 0), "and can be seen");
  await page.focus("#filters button");
  equal(await focused(page), "pro", "filters take the focus");
  check(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle === "solid"), "focus can be seen");
  await page.keyboard.press("Space");
  check((await shown(page)).every((verdict) => verdict === "pro"), "space filters");
  await page.keyboard.press("Enter");
  equal((await shown(page)).length, 15, "enter takes it back");
  for (let stops = 0; stops < 8 && (await focused(page)) !== "words"; stops += 1) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type("BIRTHDAY card");
  await pause(300);
  equal((await shown(page)).length, 1, "words are searched");
  await page.keyboard.press("Enter");
  equal(await page.evaluate(() => location.pathname.endsWith("page.html") && location.search), "", "enter sends nothing");
  await page.keyboard.type(" zzz");
  await pause(300);
  check(await page.$eval("#nothing", (one) => !one.hidden), "nothing left is told");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  equal((await shown(page)).length, 15, "show all by keyboard");
  await page.keyboard.press("Tab");
  equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#p1f1", "marks are stops");
  check(await page.$eval("#tip", (tip) => !tip.hidden), "focus shows the reason");
  equal(await page.evaluate(() => document.activeElement.getAttribute("aria-describedby")), "tip", "and it describes the mark");
  await page.keyboard.press("Escape");
  check(await page.$eval("#tip", (tip) => tip.hidden), "escape hides it");
  await page.keyboard.press("Enter");
  equal(await page.evaluate(() => location.hash), "#p1f1", "enter leads to the reason");
  equal(await page.evaluate(() => window.broken), [], "no policy broken by keyboard");
  equal(told, [], "quiet by keyboard");
  await page.close();
}

async function looks(browser) {
  for (const [name, settings] of [
    ["light", {}],
    ["dark", { scheme: "dark" }],
    ["narrow", { width: 400 }],
    ["without-script", { script: false }],
  ]) {
    const { page, told } = await open(browser, settings);
    if (settings.script === false) {
      check(await page.$eval("#filters", (one) => getComputedStyle(one).display === "none"), "without script no filters");
      check(await page.$eval("#p5 .reasons", (one) => one.textContent.includes("What would help")), "and all is there to read");
    } else {
      const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      check(wide <= room, `${name}: nothing sticks out`, [wide, room]);
      equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), name === "dark" ? "dark" : "light", `${name}: scheme`);
      await page.evaluate(() => document.querySelector("#posts").scrollIntoView());
    }
    await page.screenshot({ path: path.join(pages, `${name}.png`) });
    equal(told, [], `${name}: quiet`);
    await page.close();
  }
  const { page } = await open(browser);
  await page.click("#theme");
  equal(await page.evaluate(() => [document.documentElement.dataset.theme, document.querySelector("#theme").ariaPressed]),
    ["dark", "true"], "dark by choice");
  await page.emulateMediaType("print");
  equal(await page.$eval("#filters", (one) => getComputedStyle(one).display), "none", "no filters on paper");
  await page.close();
}

async function accessible(browser) {
  for (const settings of [{}, { scheme: "dark" }, { width: 400 }]) {
    const { page } = await open(browser, { ...settings, bypass: true });
    // What is not drawn yet is not looked at either.
    await page.addStyleTag({ content: ".post { content-visibility: visible !important }" });
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    await page.addScriptTag({ path: axe });
    const found = await page.evaluate(async () => {
      const { violations, passes } = await window.axe.run(document);
      return passes.length < 25 ? [`only ${passes.length} rules were applied`] : violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 160)}`);
    });
    equal(found, [], `axe finds nothing: ${JSON.stringify(settings)}`);
    const levels = await page.$$eval("h1, h2, h3, h4", (all) => all.map((one) => Number(one.localName[1])));
    check(levels.every((level, index) => index === 0 ? level === 1 : level <= levels[index - 1] + 1), "headings are in order");
    await page.close();
  }
}

(async () => {
  const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox"] });
  try {
    const { page, told } = await quiet(browser);
    await mouse(page);
    equal(await page.evaluate(() => window.broken), [], "no policy broken by mouse");
    equal(told, [], "quiet by mouse");
    await page.close();
    await keyboard(browser);
    await looks(browser);
    await accessible(browser);
  } finally {
    await browser.close();
  }
  console.log(failed === 0 ? "all hold" : `${failed} do not hold`);
  process.exitCode = failed === 0 ? 0 : 1;
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
