// Looks at a page until it is what was wished for, or something else, or time is up; changes nothing on it.
// The wish is described in agent/live/probe.py. The answer is null when time is up.
(text) => new Promise((resolve) => {
  const wish = JSON.parse(text);
  const started = performance.now();
  const key = (text) => text.normalize("NFKC").replace(/[\s:：*()（）,，.。·•\-–—_/?？!！…]+/g, "").toLowerCase();
  const sets = {};
  for (const name of ["titles", "labels", "figures", "identity", "empty", "loadingWords", "errors", "views"]) {
    sets[name] = new Set(wish[name]);
  }
  const loginId = new RegExp(wish.loginId);
  const noName = new RegExp(wish.noName, "i");
  const times = /\d{1,2}:\d{2}(?::\d{2})?/g;
  const skipped = "script, style, noscript, template, svg, select, nav, a, button, footer, [role=navigation], [role=tablist], " +
    "[role=tab], [role=menu], [role=menubar], [role=dialog], [role=alertdialog], [role=tooltip], [id*=menu i], [aria-hidden=true], [hidden]";

  const shown = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
  const seen = (selector) => [...document.querySelectorAll(selector)].some(
    (element) => shown(element) && !(element.tagName === "DIV" && element.children.length === 0));
  const first = (selector) => [...document.querySelectorAll(selector)].find(shown);

  function other() {
    const title = key(document.title || "");
    for (const what of ["verification", "login"]) {
      const markers = wish[what];
      if (markers.addresses.some((pattern) => new RegExp(pattern).test(location.href))) { return what; }
      if (title && markers.titles.includes(title)) { return what; }
      if (markers.widgets && seen(markers.widgets)) { return what; }
    }
    if (wish.layouts && seen(wish.layouts)) { return "strange"; }
    const heads = [title, ...[...document.querySelectorAll("h1, h2, h3, h4")].filter(shown).slice(0, 2)
      .map((head) => key(head.textContent))];
    return heads.some((head) => head && wish.errors.some((error) => head.startsWith(error))) ? "error" : null;
  }

  // The store that the shell shows: the configured one when its name stands anywhere outside the content; else the
  // text beside the login id, in the smallest box that holds more than the id. Links and menus never are a name.
  const apart = "a, button, select, nav, footer, [role=menu], [role=menubar], [role=listbox], [role=option], [role=dialog], [role=tooltip]";
  const inner = "main, table, form, dl, h1, h2, h3, h4, title, script, style, [role=main], [role=dialog], [role=listbox]";

  const wanted = wish.name ? key(wish.name) : "";

  function shop() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const ids = [];
    for (let node = walker.nextNode(), left = 4000; node && left; node = walker.nextNode(), left -= 1) {
      const text = node.nodeValue.trim();
      if (!text || text.length > 200) { continue; }
      const around = node.parentElement;
      if (wanted && text.length <= 2 * wanted.length + 8 && key(text) === wanted && shown(around) && !around.closest(
        "h1, h2, h3, h4, title, tbody, script, style, [role=menu], [role=listbox], [role=option], [role=dialog]")) { return wish.name; }
      if (loginId.test(text) && !around.closest(inner)) { ids.push(node); }
    }
    return ids.map(neighbour).find((name) => name) || null;
  }

  function neighbour(id) {
    let box = id.parentElement;
    for (let level = 0; level < 3 && box && box.textContent.trim() === id.nodeValue.trim(); level += 1) { box = box.parentElement; }
    if (!box || box === document.body) { return null; }
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    let before = null;
    let passed = false;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.nodeValue.trim();
      if (node === id) {
        if (before) { return before; }
        passed = true;
        continue;
      }
      const link = node.parentElement.closest(apart + ", script, style, h1, h2, h3, h4");
      if (key(text).length < 2 || !shown(node.parentElement) || loginId.test(text) || noName.test(text) || /[:：]$/.test(text) || (link && box.contains(link))) { continue; }
      if (passed) { return text; }
      before = text;
    }
    return null;
  }

  function rows() {
    const found = { count: 0, mark: "" };
    const texts = [];
    for (const row of document.querySelectorAll(wish.row)) {
      const cells = [...row.children].filter((cell) => cell.tagName === "TD");
      if (!cells.length || row.closest("[aria-hidden=true], [role=dialog]") || (!found.count && !shown(row))) { continue; }
      const text = row.textContent;
      if (!text.trim() || cells.every((cell) => { const own = key(cell.textContent); return !own || sets.empty.has(own); })) { continue; }
      if (sets.loadingWords.has(key(text)) || row.querySelector(wish.loading)) { continue; }
      found.count += 1;
      texts.push(text);
    }
    for (const item of document.querySelectorAll(wish.item)) {
      if (item.textContent.trim() && shown(item) && !item.closest("[role=dialog], [role=listbox], nav")) {
        found.count += 1;
        texts.push(item.textContent);
      }
    }
    const all = texts.join("\n");
    const numbers = all.match(/[A-Z0-9]{8,}/g);
    found.mark = found.count + ":" + (numbers ? numbers.join(" ") : all.replace(times, ""));
    return found;
  }

  function blank(element) {
    let next = element.nextElementSibling;
    if (!next) { return false; }
    for (; next; next = next.nextElementSibling) {
      if (next.textContent.trim()) { return false; }
    }
    return true;
  }

  // Known labels among the content, whether a label's value is still to come, whether the page says that it is empty.
  function content(enough) {
    const found = { labels: 0, blank: false, empty: false, identity: false, loading: false, texts: 0, filled: false, valued: 0 };
    let awaited = false;
    let labelled = false;
    const known = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
      if (node.nodeType === 3) { return NodeFilter.FILTER_ACCEPT; }
      return node.matches(skipped) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
    });
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.nodeValue;
      if (text.length > 200 || !text.trim()) { continue; }
      found.texts += 1;
      const whole = key(text);
      const head = key(text.split(/[:：]/, 1)[0]);
      if (sets.empty.has(whole)) { found.empty = true; }
      if (sets.loadingWords.has(whole) && shown(node.parentElement)) { found.loading = true; }
      if (sets.identity.has(whole) || sets.identity.has(head)) { found.identity = true; }
      const label = sets.labels.has(whole) || sets.labels.has(head);
      if (label) { known.add(head); }
      if (label ? head !== whole : labelled) { found.valued += 1; }
      labelled = label && head === whole && !node.parentElement.closest("th, [role=columnheader]");
      if (awaited && /[1-9]/.test(text)) { found.filled = true; }
      awaited = sets.figures.has(whole);
      if (!awaited && sets.figures.has(head) && /[1-9]/.test(text.slice(text.search(/[:：]/)))) { found.filled = true; }
      if (sets.figures.has(whole) && blank(node.parentElement) && !node.parentElement.closest("h1, h2, h3, h4, td, th")) { found.blank = true; }
      if (enough && known.size >= enough) { break; }
    }
    found.labels = known.size;
    return found;
  }

  function paging() {
    const display = first(wish.display);
    const numbers = display && /(\d+)\s*\/\s*(\d+)/.exec(display.textContent);
    const current = display ? null : first(wish.current);
    const next = first(wish.next);
    return {
      page: numbers ? Number(numbers[1]) : current ? Number.parseInt(current.textContent, 10) || null : null,
      pages: numbers ? Number(numbers[2]) : null,
      next: Boolean(next) && !next.disabled && next.getAttribute("aria-disabled") !== "true" && !/disabled/.test(next.className),
    };
  }

  // The tab that was wished for is chosen: how many rows it says there are, as far as it says so; null when it is not.
  function tab() {
    if (!wish.views.length) { return { counted: null }; }
    for (const element of document.querySelectorAll(wish.tab)) {
      const text = element.textContent;
      if (element.getAttribute("aria-selected") !== "true" || !sets.views.has(key(text.replace(/[\s(（]*\d+\+?[)）\s]*$/, "")))) { continue; }
      const count = /[(（]\s*(\d+)\s*[)）]\s*$/.exec(text);
      return { counted: count ? Number(count[1]) : null };
    }
    return null;
  }

  function total() {
    const element = first(wish.total);
    const text = element ? element.textContent.trim() : "";
    for (const pattern of wish.totals) {
      const found = new RegExp(pattern, "i").exec(text);
      if (found) { return Number(found[1].replace(/,/g, "")); }
    }
    return null;
  }

  let ripe = 0;
  let loaded = 0;
  let looked = 0;
  let changed = true;
  const observer = new MutationObserver(() => { changed = true; });
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  let still = { size: -1, since: 0 };
  const patient = (now) => now - (ripe = ripe || now) >= wish.patience;

  // The page as it is now, or null while it is worth waiting for.
  function look(now) {
    if (!document.body) { return null; }
    const what = other();
    if (what) { return { state: what }; }
    const chosen = tab();
    if (document.readyState === "loading" || seen(wish.loading) || !chosen) { ripe = 0; loaded = 1; return null; }
    loaded += loaded && loaded < 9 ? 1 : 0;
    const turned = paging();
    if (wish.page && turned.page !== null && turned.page !== wish.page) { return null; }
    const found = rows();
    const listed = wish.rows && found.count > 0;
    const known = content(listed && !wish.figures.length ? 2 : 0);
    const itself = known.labels >= 2 || (listed && known.identity) || (wish.ready && seen(wish.ready));
    if (known.loading) { ripe = 0; return null; }
    if (!itself) { return strange(now, known); }
    // A row may also stand alone, as a card of labels with their values.
    const carded = wish.rows && !listed && known.identity && known.valued >= 3;
    const filled = wish.rows ? listed || carded || known.empty || (!wish.listOnly && known.identity) : true;
    if (!filled && wish.listOnly) { return null; }
    const name = shop();
    // Rows that are the old ones may be the new ones too; who asked for others knows what was answered meanwhile.
    const stale = wish.before !== null && found.mark === wish.before;
    const veiled = loaded >= 4;
    const sizes = { counted: chosen.counted, total: total() };
    const early = !filled || !name || known.blank || (stale && !veiled);
    if (early && !patient(now)) { return null; }
    return { state: "ready", shop: name, rows: found.count, mark: found.mark, stale, veiled, filled: known.filled || carded, ...sizes, ...turned };
  }

  // Time is up: what there is, and whether it is still the list from before.
  function late() {
    if (!document.body) { return { state: "timeout" }; }
    const found = rows();
    return { state: "timeout", shop: shop(), stale: found.count > 0 && found.mark === wish.before };
  }

  // A page that stands still, complete and with many texts, but with none of the known labels: another layout.
  function strange(now, known) {
    const size = document.body.innerHTML.length;
    if (size !== still.size || known.texts < 6 || document.readyState !== "complete") { still = { size, since: now }; return null; }
    return now - still.since >= wish.patience * 2 ? { state: "strange", shop: shop(), ...paging() } : null;
  }

  function tick() {
    const now = performance.now();
    const over = now - started >= wish.timeout;
    let found = null;
    if (changed || over || ripe || (loaded && loaded < 9) || now - looked >= wish.seldom) {
      changed = false;
      looked = now;
      try {
        found = look(now);
      } catch (error) {
        found = { state: "failed", said: String(error) };
      }
    }
    if (!found && over) { found = late(); }
    if (!found) { setTimeout(tick, wish.every); return; }
    observer.disconnect();
    const type = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : "";
    const html = type + (document.documentElement ? document.documentElement.outerHTML : "");
    resolve({ url: location.href, html, ...found });
  }
  tick();
})
