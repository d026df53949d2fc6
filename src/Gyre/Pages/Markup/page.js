"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const find = document.getElementById("find");
  const kind = document.getElementById("kind");
  const sort = document.getElementById("sort");
  const shown = document.getElementById("shown");
  const open = document.getElementById("open");
  const sections = [...document.querySelectorAll("section.features")].map(section => ({
    section,
    table: section.querySelector("table"),
    none: section.querySelector(".none"),
    features: [...section.querySelectorAll("tbody.f")],
  }));
  if (!find) return;

  const order = feature => Number(feature.id.slice(1));
  const compare = key => {
    if (key === "order") return (a, b) => order(a) - order(b);
    if (key === "name") return (a, b) => a.dataset.name.localeCompare(b.dataset.name) || order(a) - order(b);
    const value = feature => {
      const number = Number(feature.dataset[key] ?? NaN);
      return Number.isNaN(number) ? -Infinity : number;
    };
    return (a, b) => {
      const [x, y] = [value(a), value(b)];
      return x === y ? order(a) - order(b) : y > x ? 1 : -1;
    };
  };

  // A click on the same column again turns the order around.
  let by = "order", reversed = false;
  const arrange = () => {
    for (const { table, features } of sections) {
      const sorted = [...features].sort(compare(by));
      if (reversed) sorted.reverse();
      table.append(...sorted);
      for (const head of table.querySelectorAll("thead th")) {
        const button = head.querySelector("button");
        if (button && button.dataset.by === by) head.setAttribute("aria-sort", (by === "name") === reversed ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      }
    }
    sort.value = [...sort.options].some(option => option.value === by) ? by : "";
  };

  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0, all = 0;
    for (const { table, none, features } of sections) {
      let here = 0;
      for (const feature of features) {
        const name = feature.dataset.name.toLowerCase();
        const fits = words.every(word => name.includes(word)) && (!kind.value || feature.dataset.kind.split(" ").includes(kind.value));
        feature.hidden = !fits;
        here += fits;
      }
      none.hidden = here > 0;
      table.hidden = here === 0;
      count += here;
      all += features.length;
    }
    shown.textContent = count === all ? "" : `${count} of ${all}`;
  };

  find.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  sort.addEventListener("change", () => { by = sort.value; reversed = false; arrange(); });
  for (const { table } of sections)
    table.addEventListener("click", event => {
      const button = event.target.closest("thead button");
      if (!button) return;
      reversed = by === button.dataset.by && !reversed;
      by = button.dataset.by;
      arrange();
    });
  open.addEventListener("click", () => {
    const all = open.getAttribute("aria-pressed") !== "true";
    open.setAttribute("aria-pressed", all);
    open.textContent = all ? "Close all" : "Open all";
    for (const details of document.querySelectorAll("tbody.f details")) details.open = all;
  });
  document.querySelector("form.tools").addEventListener("submit", event => event.preventDefault());
  document.addEventListener("keydown", event => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      find.focus();
    } else if (event.key === "Escape" && document.activeElement === find) {
      find.value = "";
      filter();
    }
  });

  // On paper everything is seen.
  addEventListener("beforeprint", () => { for (const details of document.querySelectorAll("tbody.f details")) details.open = true; });
  arrange();
  filter();
})();
