// Opens every view of a served store in Chromium: node views.mjs ADDRESS SCREENS
// What must hold: no console error, no request to another host, no violation that axe knows, readable at 200 % and 400 %,
// everything by keyboard alone and without a script, in three languages. SCREENS: a folder for a picture of each; "": none.
import {createRequire} from "node:module";
import {chromium} from "playwright-core";

const [address, screens] = process.argv.slice(2);
const axe = createRequire(import.meta.url)("axe-core").source;
const failures = [];
let checks = 0;
const check = (what, holds) => { ++checks; if (!holds) failures.push(what); };

const runs = (await (await fetch(address + "api/runs")).json()).runs;
const newest = runs.at(-1).run;
const records = (await (await fetch(`${address}api/runs/${newest}/results`)).json()).records;
const adverse = records.find(r => r.verdict === "interview") ?? records[0];
const open = records.find(r => r.verdict === null && r.why?.verdict) ?? records[1];
const of = record => `runs/${newest}/records/${encodeURIComponent(record.zone)}`;
const views = {
  home: "", search: "search?q=Invented-W", "nothing-found": "search?q=nobody", report: `runs/${newest}`,
  explanation: of(adverse), undetermined: of(open), score: of(adverse) + "?of=overall",
  "why-not": of(adverse) + "/why-not?outcome=commend", "what-if": `runs/${newest}/what-if`,
  "what-if-found": `runs/${newest}/what-if?set=${encodeURIComponent(adverse.zone + ".GDP = 512")}`,
  genuine: `genuine?run=${newest}`, missing: "runs/999",
};

const browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"]});

/// A page whose errors and requests are failures of the view it shows.
async function watched(options) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, ...options});
  const page = await context.newPage();
  page.view = "";
  page.on("console", m => { if (["error", "warning"].includes(m.type()) && !/status of 404/.test(m.text())) failures.push(`${page.view}: console: ${m.text()}`); });
  page.on("pageerror", e => failures.push(`${page.view}: ${e}`));
  page.on("request", r => { if (!r.url().startsWith(address) && !r.url().startsWith("data:")) failures.push(`${page.view}: asks ${r.url()}`); });
  return page;
}

const separator = path => path.includes("?") ? "&" : "?";
async function show(page, name, language) {
  page.view = `${name} (${language})`;
  const path = views[name];
  const answer = await page.goto(`${address}${path}${separator(path)}lang=${language}`);
  check(`${page.view}: status ${answer.status()}`, answer.status() === (name === "missing" ? 404 : 200));
}

async function unfolded(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach(d => { d.open = true; }));
}

async function fits(page, width) {
  await page.setViewportSize({width, height: 450});
  const over = await page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
  const widest = over <= 0 ? "" : await page.evaluate(() => [...document.querySelectorAll("main *")].filter(e => !e.closest(".scroll"))
    .sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0].outerHTML.slice(0, 200));
  check(`${page.view}: ${over} px too wide at ${width}: ${widest}`, over <= 0);
}

for (const language of ["en", "zh", "ja"]) {
  const page = await watched({});
  for (const name of Object.keys(views)) {
    await show(page, name, language);
    check(`${page.view}: lang`, await page.evaluate(() => document.documentElement.lang) === language);
    if (screens) await page.screenshot({path: `${screens}/${name}.${language}.png`, fullPage: name !== "report"});
    await unfolded(page);
    await page.evaluate(axe);
    // Of the report's hundreds of like scorecards a few say it all; the rest only takes time.
    if (name === "report") await page.evaluate(() => [...document.querySelectorAll(".card")].slice(3).forEach(c => c.remove()));
    const found = await page.evaluate(() => axe.run({resultTypes: ["violations"]}));
    for (const v of found.violations)
      failures.push(`${page.view}: axe ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " + (n.any[0]?.message ?? "")).join(" | ")}`);
    check(`${page.view}: axe looked`, found.passes.length > 5);
    for (const width of [640, 320]) await fits(page, width);  // 1280 at 200 % and 400 %
    if (screens && language === "en") await page.screenshot({path: `${screens}/${name}.narrow.png`});
    await page.setViewportSize({width: 1280, height: 900});
  }
  await page.context().close();
}

/// Tab until what has the focus fits; it must be seen to have it.
async function tabTo(page, what, fitting, most = 80) {
  for (let i = 0; i < most; ++i) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const a = document.activeElement, style = getComputedStyle(a);
      return a === document.body || (a.getBoundingClientRect().width > 0 && (style.outlineStyle !== "none" || style.boxShadow !== "none"));
    });
    check(`${page.view}: the focus is seen on the way to ${what}`, seen);
    if (await page.evaluate(fitting)) return true;
  }
  check(`${page.view}: ${what} can be reached by keyboard`, false);
  return false;
}

{
  const page = await watched({});
  await show(page, "home", "en");
  await page.keyboard.press("Tab");
  check("the first Tab leads past the bar", await page.evaluate(() => document.activeElement.getAttribute("href") === "#main"));
  await tabTo(page, "the search field", () => document.activeElement.name === "q");
  await page.keyboard.type(adverse.zone);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await tabTo(page, "what was found", () => document.activeElement.closest("td, tbody th") !== null);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  check("search leads to the explanation", page.url().includes(encodeURIComponent(adverse.zone)));
  await tabTo(page, "a rule", () => document.activeElement.tagName === "SUMMARY");
  await page.keyboard.press("Enter");
  check("a rule folds open", await page.evaluate(() => document.activeElement.parentElement.open));
  await tabTo(page, "why not", () => document.activeElement.name === "outcome", 400);
  await tabTo(page, "its button", () => document.activeElement.tagName === "BUTTON");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  check("why not is answered", page.url().includes("why-not"));
  await show(page, "what-if", "en");
  await tabTo(page, "a parameter", () => document.activeElement.name?.startsWith("p."));
  await page.keyboard.type("8");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  check("what if is answered", await page.evaluate(() => document.querySelector(".because") !== null));
  await page.context().close();
}

if (screens) {  // the picture of docs/serve.md
  const page = await watched({viewport: {width: 1100, height: 900}});
  await show(page, "explanation", "en");
  await page.screenshot({path: `${screens}/for-docs.png`});
  await page.context().close();
}

{
  const page = await watched({javaScriptEnabled: false});
  await show(page, "explanation", "en");
  const rule = page.locator(".rules-list > li > details").first();
  await rule.locator("summary").click();
  check("without a script a rule folds open", await rule.locator("table, p").first().isVisible());
  check("without a script the derivation is there", await page.locator(".tree .v").first().isVisible());
  await page.context().close();
}

await browser.close();
for (const failure of failures) console.log("not so: " + failure);
console.log(`${checks} checks, ${failures.length} not so`);
process.exit(failures.length === 0 && checks > 200 ? 0 : 1);
