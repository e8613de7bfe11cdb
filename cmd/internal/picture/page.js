
"use strict";
// Chooses nodes, crossings and what is found in the drawing. It changes classes and copies what the page says already; no text becomes markup.
(() => {
  const $ = id => document.getElementById(id), svg = $("drawing");
  if (!svg) return;
  const nodes = [...svg.querySelectorAll(".node")], edges = [...svg.querySelectorAll("g.edge")];
  const links = [...document.querySelectorAll(".crossings a")], out = nodes.map(() => []), into = nodes.map(() => []);
  for (const e of edges) {
    e.from = +e.dataset.from; e.to = +e.dataset.to;
    out[e.from].push(e); into[e.to].push(e);
  }
  const width = svg.viewBox.baseVal.width, height = svg.viewBox.baseVal.height;
  let scale = 1, hits = [];
  const zoom = s => { scale = Math.min(4, Math.max(.05, s)); svg.setAttribute("width", width * scale); svg.setAttribute("height", height * scale); };
  const whole = () => zoom(Math.min(1, (svg.parentNode.clientWidth - 4) / width));
  const clear = () => {
    svg.classList.remove("chosen");
    for (const x of [...nodes, ...edges, ...links]) x.classList.remove("on", "self");
    $("selected").replaceChildren();
  };
  const walk = (start, next, end) => {
    const seen = new Set([start]), queue = [start];
    for (const n of queue) for (const e of next[n]) {
      e.classList.add("on");
      if (!seen.has(e[end])) { seen.add(e[end]); queue.push(e[end]); }
    }
    for (const n of seen) nodes[n].classList.add("on");
  };
  const focus = n => {
    for (const other of nodes) other.setAttribute("tabindex", other === nodes[n] ? "0" : "-1");
    nodes[n].focus();
    nodes[n].scrollIntoView({block: "nearest", inline: "nearest"});
  };
  const choose = n => {
    clear();
    svg.classList.add("chosen");
    nodes[n].classList.add("self");
    walk(n, out, "to"); walk(n, into, "from");
    const words = $("w" + n).cloneNode(true);
    words.removeAttribute("id");
    $("selected").append(words);
  };
  const cross = a => {
    clear();
    svg.classList.add("chosen");
    a.classList.add("self");
    let first = null;
    for (const i of a.dataset.lines.split(" ")) {
      const e = $("e" + i) && $("e" + i).parentNode;
      if (!e) continue;
      first = first || e;
      for (const x of [e, nodes[e.from], nodes[e.to]]) x.classList.add("on");
    }
    if (first) nodes[first.from].scrollIntoView({block: "nearest", inline: "nearest"});
    const details = document.getElementById(a.hash.slice(1));
    if (details) {
      details.open = true;
      const path = details.cloneNode(true);
      path.removeAttribute("id");
      $("selected").append(path);
    }
  };
  const find = () => {
    const wanted = $("find").value.trim().toLowerCase();
    hits = [];
    nodes.forEach((n, i) => {
      const hit = wanted !== "" && n.dataset.text.includes(wanted);
      n.classList.toggle("hit", hit);
      if (hit) hits.push(i);
    });
    $("found").textContent = wanted === "" ? "" : hits.length === 1 ? "1 node" : hits.length + " nodes";
  };
  const middle = n => { const b = nodes[n].getBBox(); return b.y + b.height / 2; };
  const near = (from, list) => list.reduce((best, n) => best < 0 || Math.abs(middle(n) - middle(from)) < Math.abs(middle(best) - middle(from)) ? n : best, -1);
  const beside = (n, down) => {
    const mine = nodes.map((_, i) => i).filter(i => nodes[i].dataset.column === nodes[n].dataset.column).sort((a, b) => middle(a) - middle(b));
    const next = mine[mine.indexOf(n) + (down ? 1 : -1)];
    return next === undefined ? -1 : next;
  };
  nodes.forEach((node, n) => {
    node.addEventListener("click", () => { choose(n); focus(n); });
    node.addEventListener("keydown", event => {
      let to = -1;
      switch (event.key) {
        case "Enter": case " ": choose(n); event.preventDefault(); return;
        case "ArrowRight": to = near(n, out[n].map(e => e.to)); break;
        case "ArrowLeft": to = near(n, into[n].map(e => e.from)); break;
        case "ArrowDown": to = beside(n, true); break;
        case "ArrowUp": to = beside(n, false); break;
        default: return;
      }
      event.preventDefault();
      if (to >= 0) focus(to);
    });
  });
  document.addEventListener("click", event => {
    const a = event.target.closest("a");
    if (!a) return;
    if (a.dataset.lines !== undefined) { event.preventDefault(); cross(a); }
    else if (a.dataset.node !== undefined && a.closest("#selected")) { event.preventDefault(); choose(+a.dataset.node); focus(+a.dataset.node); }
    else if (a.hash.startsWith("#w")) $("words").open = true;
  });
  document.addEventListener("keydown", event => {
    const typing = event.target.tagName === "INPUT";
    if (event.key === "Escape") { $("find").value = ""; find(); clear(); }
    else if (event.key === "/" && !typing) { event.preventDefault(); $("find").focus(); }
    else if (event.key === "Enter" && event.target === $("find") && hits.length) { const n = hits.shift(); hits.push(n); choose(n); nodes[n].scrollIntoView({block: "center", inline: "center"}); }
  });
  $("find").addEventListener("input", find);
  $("larger").addEventListener("click", () => zoom(scale * 1.25));
  $("smaller").addEventListener("click", () => zoom(scale / 1.25));
  $("whole").addEventListener("click", whole);
  $("clear").addEventListener("click", () => { $("find").value = ""; find(); clear(); });
  document.querySelector(".tools").hidden = false;
  if (width * .6 < svg.parentNode.clientWidth) whole();
})();
