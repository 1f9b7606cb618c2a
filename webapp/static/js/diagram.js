/* Draws the process of a case over the list that says the same in words. Without this file the list stands alone. */
(async () => {
  "use strict";
  const box = document.getElementById("diagram");
  if (!box || typeof BpmnJS === "undefined") return;
  const marks = JSON.parse(box.dataset.marks);
  const fail = () => {
    const note = document.createElement("p");
    note.className = "failed";
    note.textContent = box.dataset.failed;
    box.replaceChildren(note);
  };
  // A label as wide as four Chinese characters breaks English words: a shape's grows to both sides, a flow's away from its line.
  const widen = (bounds, width, isFlow) => {
    const more = width - Number(bounds.getAttribute("width"));
    if (more <= 0) return;
    if (!isFlow) bounds.setAttribute("x", Number(bounds.getAttribute("x")) - more / 2);
    bounds.setAttribute("width", width);
  };

  // The file names each shape once, in Chinese; its English stands beside it as the property name_en.
  const inEnglish = (text) => {
    const file = new DOMParser().parseFromString(text, "application/xml");
    for (const property of file.getElementsByTagNameNS("*", "property")) {
      if (property.getAttribute("name") === "name_en") property.closest("[id]").setAttribute("name", property.getAttribute("value"));
    }
    for (const shape of file.querySelectorAll("[bpmnElement]")) {
      const bounds = shape.getElementsByTagNameNS("*", "BPMNLabel")[0]?.getElementsByTagNameNS("*", "Bounds")[0];
      const name = file.getElementById(shape.getAttribute("bpmnElement"))?.getAttribute("name");
      if (bounds && name) widen(bounds, Math.min(90, 8 + 6.5 * name.length), shape.localName === "BPMNEdge");
    }
    for (const pool of file.getElementsByTagNameNS("*", "participant")) {
      const name = file.getElementById(pool.getAttribute("processRef"))?.getAttribute("name");
      if (name) pool.setAttribute("name", name);
    }
    return new XMLSerializer().serializeToString(file);
  };
  const answer = await fetch(box.dataset.file, { credentials: "same-origin" }).catch(() => null);
  if (!answer || !answer.ok) return fail();

  box.textContent = " "; // no longer empty, so that it has a size when the viewer measures it
  box.replaceChildren(document.createElement("div"));
  box.firstChild.style.height = "100%";
  const viewer = new BpmnJS({ container: box.firstChild });
  try {
    const text = await answer.text();
    await viewer.importXML(document.documentElement.lang === "en" ? inEnglish(text) : text);
  } catch {
    return fail();
  }
  const canvas = viewer.get("canvas");
  const known = viewer.get("elementRegistry");
  const mark = (ids, name) => ids.filter((id) => known.get(id)).forEach((id) => canvas.addMarker(id, name));
  mark(marks.done, "done");
  mark(marks.flows, "taken");
  mark(marks.current, "current");
  mark(marks.overdue, "overdue");
  for (const id of marks.overdue.filter((id) => known.get(id))) {
    const badge = document.createElement("span");
    badge.className = "late";
    badge.textContent = box.dataset.late;
    viewer.get("overlays").add(id, { position: { top: -10, right: 40 }, html: badge });
  }

  const links = new Map(marks.calls);
  mark([...links.keys()], "link");
  viewer.get("eventBus").on("element.click", ({ element }) => {
    if (links.has(element.id)) location.assign(links.get(element.id));
  });

  const fit = () => {
    canvas.zoom("fit-viewport", "auto");
    canvas.zoom(canvas.zoom() * 0.95); // labels at the edge would be cut off
  };
  fit();
  const svg = box.querySelector("svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", box.dataset.label);

  const bar = document.getElementById("diagram-bar");
  bar.hidden = false;
  bar.addEventListener("click", ({ target }) => {
    const way = target.closest("button")?.dataset.zoom;
    if (way === "fit") fit();
    else if (way) canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * (way === "in" ? 1.25 : 0.8))));
  });
  box.dataset.ready = "1";
})();
