for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = row => row.cells[place].textContent.trim();
      const number = text => Number(text.replace(/[,=*]/g, "").replace("\u2212", "-"));
      body.append(...[...body.rows].sort((a, b) => {
        const x = key(a), y = key(b);
        if (x === "" || y === "") return (x === "") - (y === "");
        const order = Number.isNaN(number(x)) || Number.isNaN(number(y)) ? x.localeCompare(y, document.documentElement.lang) : number(x) - number(y);
        return down ? -order : order;
      }));
    });
  });
  const tools = document.getElementById(table.id + "-tools");
  if (!tools) continue;
  tools.hidden = false;
  const field = tools.querySelector("input"), count = tools.querySelector("output");
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase();
    let shown = 0;
    for (const row of body.rows) shown += !(row.hidden = !row.textContent.toLowerCase().includes(words));
    count.textContent = shown + " / " + body.rows.length;
  });
}
