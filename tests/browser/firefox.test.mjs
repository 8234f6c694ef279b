// The site in Firefox: what the tests in Chromium show at length, once each.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

import puppeteer from "puppeteer-core";

const { SITE, FIREFOX } = process.env;
const QUESTION = "training/sigmoid-derivatives/";
const CODE = 'live-code[snippet="sigmoid_derivatives"]';
const FIGURE = 'study-figure[name="sigmoid_derivatives.figure"]';
const LONG = 60_000; // ms: Python starts within seconds, unless the machine is busy
// What Firefox says of a formula that it lays out before all of it has come.
const EARLY = /Invalid markup: Incorrect number of children/;

let browser, page;
let wrong = [], asked = [];

before(async () => {
  browser = await puppeteer.launch({
    browser: "firefox", executablePath: FIREFOX,
    // A worker that answers for the network would hide what is asked of it.
    extraPrefsFirefox: { "dom.serviceWorkers.enabled": false },
  });
  page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  const told = (text) => EARLY.test(text) || wrong.push(text);
  page.on("console", (message) => message.type() === "error" && told(message.text()));
  page.on("pageerror", (error) => told(String(error)));
  page.on("request", (request) => {
    asked.push(request.url());
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(SITE)) wrong.push(request.url());
  });
});

after(() => browser.close());

afterEach(async () => {
  if (await shown("Reset")) await press("Reset");
  const found = wrong;
  [wrong, asked] = [[], []];
  assert.deepEqual(found, []);
});

/** What this gives in the page once it gives something. */
async function until(code, ...given) {
  const end = Date.now() + LONG;
  for (;;) {
    const value = await page.evaluate(code, ...given);
    if (value) return value;
    if (Date.now() > end) assert.fail(`never: ${code} ${JSON.stringify(given)}`);
    await wait(20);
  }
}

const says = (selector, part) => until((selector, part) => {
  const text = document.querySelector(selector)?.textContent ?? "";
  return text.includes(part) && text;
}, selector, part);

const appears = (selector) => until((selector) => !!document.querySelector(selector), selector);

const count = (selector) => page.$$eval(selector, (found) => found.length);

async function open(address) {
  await page.waitForNetworkIdle({ idleTime: 200 }); // what was asked for and left would be an error
  await page.goto(SITE + address);
}

const shown = (name, part = CODE) => page.evaluate((part, name) =>
  [...document.querySelectorAll(`${part} button`)].some((button) => button.textContent.startsWith(name) && button.checkVisibility()), part, name);

/** Press, by key, a button of the page's first block of code, or of this part of the page. */
async function press(name, part = CODE) {
  for (let tries = 0; tries < 100 && !await shown(name, part); tries++) await wait(20);
  const button = await page.evaluateHandle((part, name) =>
    [...document.querySelectorAll(`${part} button`)].find((button) => button.textContent.startsWith(name)), part, name);
  await button.focus();
  await page.keyboard.press("Enter");
}

async function together(...keys) {
  for (const key of keys) await page.keyboard.down(key);
  for (const key of keys.reverse()) await page.keyboard.up(key);
}

/** Open the code's page anew and write this at its end. */
async function write(text) {
  await open(QUESTION);
  await appears(`${CODE} .bar`);
  await press("Edit");
  await page.waitForSelector(`${CODE} .cm-content`);
  await page.focus(`${CODE} .cm-content`);
  await together("Control", "End");
  await page.keyboard.type(`\n${text}`);
}

async function run(text) {
  await write(text);
  await press("Run");
}

for (const address of ["", QUESTION, "review/", "glossary/", "mistakes/", "labs/1-train-a-deep-network/"])
  test(`${address || "home"} opens, whole and quietly`, async () => {
    await open(address);
    await until(() => document.querySelector("article h1")?.checkVisibility());
    const [whole, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.equal(whole, seen);
    await wait(500); // for what comes late
  });

test("figure, numbers and words follow a knob", async () => {
  await open(QUESTION);
  await page.focus(`${FIGURE} input[type=range]`);
  await page.keyboard.press("End");
  await says(`${FIGURE} .drawing`, "tangent: slope 0.0025");
  await says('.quote[data-quote="slope_at:.4f"]', "0.0025");
});

test("a card's grade is kept", async () => {
  await open(QUESTION);
  await appears("study-card .grades");
  await page.focus("study-card summary");
  await page.keyboard.press("Enter");
  await press("Good", "study-card");
  await says("study-card .verdict", "Noted");
  await open("");
  await appears("a.question[data-state=begun]");
});

test("search finds a question by its words", async () => {
  await open("");
  await appears(".md-search__input");
  await page.focus(".md-search__input");
  await page.keyboard.type("sigmoid largest value");
  await says(".md-search-result__list", "What is the derivative of the sigmoid");
});

test("Python is started by Run and only then, and serves the whole visit", async () => {
  await open(QUESTION);
  await appears(`${CODE} .bar`);
  await wait(500);
  assert.equal(asked.filter((url) => url.includes("/live/")).length, 0);
  await press("Run");
  await says(`${CODE} > [role=status]`, "Done.");
  assert.equal(await count(`${CODE} .output figure svg`), 2);
  await appears(`${FIGURE}[live]`);
  await page.focus(`${FIGURE} input[type=range]`);
  await page.keyboard.press("Home");
  await says(`${FIGURE} .drawing`, "tangent: slope 0.0025");
  assert.ok(asked.some((url) => url.endsWith(".wasm")));
  asked = [];
  await page.evaluate(() => [...document.querySelectorAll(".md-nav--primary a")].find((link) => link.href.endsWith("/roc-and-auc/")).click());
  await appears('live-code[snippet="roc_auc"] .bar');
  await press("Run", 'live-code[snippet="roc_auc"]');
  await says('live-code[snippet="roc_auc"] > [role=status]', "Done.");
  assert.equal(asked.filter((url) => url.includes("/live/")).length, 0);
});

test("an edit moves figure and numbers, is kept, and goes with Reset", async () => {
  await run("slope = lambda x: sigmoid(x) * (1 - sigmoid(x)) / 2");
  await says(`${FIGURE} .drawing`, "tangent: slope 0.0525");
  await says('.quote[data-quote="slope_at:.4f"]', "0.0525");
  assert.ok(await count(".quote.own"));
  await open(QUESTION);
  await appears(`${CODE}[own]`);
  await press("Reset");
  await until((code) => !document.querySelector(`${code}[own]`), CODE);
});

test("a last value is shown, and an error with its line", async () => {
  await run("6 * 7");
  await says(`${CODE} .output .value`, "42");
  await press("Reset");
  await run("1 / 0");
  await says(`${CODE} .output [role=alert]`, "ZeroDivisionError");
  assert.equal(await page.$eval(`${CODE} .cm-line.wrong`, (line) => line.textContent), "1 / 0");
});

for (const work of ["while True: pass", "np.ones((6000, 6000)) @ np.ones((6000, 6000))"])
  test(`Stop ends within a second: ${work}`, async () => {
    await run(`print('begun', flush=True)\n${work}`);
    await says(`${CODE} .printed`, "begun");
    const begun = Date.now();
    await press("Stop");
    await says(`${CODE} > [role=status]`, "Stopped.");
    assert.ok(Date.now() - begun < 1000);
  });

test("what is printed without end is capped", async () => {
  await run("while True: print('x' * 99)");
  const printed = await says(`${CODE} .printed`, "more was printed");
  assert.ok(printed.length < 201_000);
  if (await shown("Stop")) await press("Stop");
});

test("the page's examples can be checked", async () => {
  await open(QUESTION);
  await appears("live-code[examples] .bar");
  await press("Check", "live-code[examples]");
  await says("live-code[examples] > [role=status]", "Done.");
  const found = await page.$$eval("live-code[examples] .output li", (rows) => rows.map((row) => row.className));
  assert.ok(found.length && found.every((name) => name === "same"), String(found));
});

test("code reaches no other origin", async () => {
  const heard = [];
  const elsewhere = createServer((request, response) => {
    heard.push(request.url);
    response.setHeader("Access-Control-Allow-Origin", "*").end();
  });
  await new Promise((ready) => elsewhere.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${elsewhere.address().port}`;
  await run(`from pyodide.http import open_url; open_url('${url}/python')`);
  await says(`${CODE} .output [role=alert]`, "Error");
  await fetch(`${url}/test`);
  elsewhere.close();
  assert.deepEqual(heard, ["/test"]);
  wrong = wrong.filter((each) => !each.includes(url) && !each.includes("Content-Security-Policy"));
});

test("Tab indents in the editor, Escape and then Tab leaves it", async () => {
  await write("x = 1");
  const line = () => page.$$eval(`${CODE} .cm-line`, (lines) => lines.at(-1).textContent);
  const inside = () => page.evaluate(() => !!document.activeElement.closest(".cm-content"));
  await page.keyboard.press("Tab");
  assert.equal(await line(), "    x = 1");
  assert.ok(await inside());
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.ok(!await inside());
});

test("a jump within the page leaves the page as it is", async () => {
  await open(QUESTION);
  await page.evaluate(() => { document.querySelector("article").id = "same"; });
  await page.focus("#saturation .headerlink");
  await page.keyboard.press("Enter");
  await until(() => location.hash === "#saturation");
  await page.goBack({ waitUntil: [] });
  await until(() => location.hash === "");
  await page.waitForNetworkIdle({ idleTime: 500 });
  assert.equal(await count("article#same"), 1);
  assert.equal(asked.filter((url) => url === SITE + QUESTION).length, 1);
});
