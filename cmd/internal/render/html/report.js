"use strict";
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  if (rows.length < 2) continue;
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const value = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const number = parseFloat(text.replace(/[,<+ ]/g, ""));
    return { text, number };
  };
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    if (head.dataset.k === "c") return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    const numeric = head.classList.contains("n");
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      const order = now ? (now === "ascending" ? "descending" : "ascending") : (numeric ? "descending" : "ascending");
      for (const h of heads) h.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      const keyed = rows.map((row) => ({ row, key: value(row, column) }));
      keyed.sort((a, b) => {
        if (!numeric) return sign * collator.compare(a.key.text, b.key.text);
        const x = a.key.number, y = b.key.number;
        if (isNaN(x) || isNaN(y)) return isNaN(x) - isNaN(y);
        return sign * (x - y);
      });
      rows.splice(0, rows.length, ...keyed.map((k) => k.row));
      body.append(...rows);
    });
  });
  if (rows.length <= 8) continue;
  const tools = document.createElement("div");
  tools.className = "tools";
  const label = document.createElement("label");
  label.append("Filter ");
  const input = document.createElement("input");
  input.type = "search";
  input.setAttribute("aria-controls", table.id);
  label.append(input);
  const count = document.createElement("span");
  count.className = "soft";
  count.setAttribute("role", "status");
  tools.append(label, count);
  table.parentNode.before(tools);
  const texts = new Map();
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
      const fits = words.every((w) => texts.get(row).includes(w));
      row.hidden = !fits;
      if (fits) shown++;
    }
    count.textContent = words.length ? shown + " of " + rows.length + " rows; the sums below are of all" : "";
  });
}
