// What a course page does with its stages: plays them, and writes down what they report.
const first = document.getElementById("first");
document.getElementById("play").addEventListener("click", () => first.play());
document.getElementById("pause").addEventListener("click", () => first.pause());
document.getElementById("restart").addEventListener("click", () => first.seek(0));

const reports = document.getElementById("reports");
const LINES_MOST = 200;
for (const type of ["ready", "resize", "state", "progress", "completed", "error"]) {
  document.addEventListener(`kafka-lab-${type}`, ({ target, detail }) => {
    const { ns, v, id, type: kind, ...said } = detail;
    const line = document.createElement("li");
    line.textContent = `${target.id} ${kind} ${JSON.stringify(said)}`;
    reports.append(line);
    if (reports.childElementCount > LINES_MOST) reports.firstElementChild.remove();
    reports.scrollTop = reports.scrollHeight;
  });
}
