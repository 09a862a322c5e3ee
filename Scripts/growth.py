"""Measures how training cost grows with each size, beside what the arithmetic lets one expect. See bench-growth."""

import csv
import pathlib
import tempfile

import matplotlib

from environment import output_of

matplotlib.use("Agg")
import matplotlib.pyplot as plot

PROGRAM = ".build/release/ablate"
FOLDER = pathlib.Path("Benchmarks")
# The base is the quick size; one thing changes at a time.
AXES = {
    "hidden_size": ("H", [96, 192, 384, 768]),
    "window_length": ("T", [18, 35, 70, 140]),
    "batch_size": ("B", [5, 10, 20, 40]),
    "vocabulary": ("V", [1890, 3779, 7558, 15116]),
    "threads": ("threads", [1, 2]),
}


def measure(cell, axis, value):
    """One line of `ablate bench` at the quick size with one thing changed."""
    options = ["--size", "quick", "--cell", cell, "--precision", "float32", "--windows", "3"]
    options += ["--threads", str(value if axis == "threads" else 1)]
    if axis == "vocabulary":
        options += ["--vocabulary", str(value)]
    elif axis != "threads":
        options += ["--set", f"{axis.replace('_', '-')}={value}"]
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        output_of([PROGRAM, "bench", "--csv", file.name, *options])
        return next(csv.DictReader(open(file.name, newline="")))


def main():
    lines = []
    for cell in ["lstm", "gru"]:
        for axis, (letter, values) in AXES.items():
            measured = [measure(cell, axis, value) for value in values]
            base = measured[0]
            for value, line in zip(values, measured):
                # Time a token goes with its operations, and threads share them; the first value is the yardstick.
                expected = float(base["tokens_per_s"]) * float(base["flop_per_token"]) / float(line["flop_per_token"])
                expected *= int(line["threads"]) / int(base["threads"])
                lines.append({
                    "cell": cell, "axis": letter, "value": value, "tokens_per_s": line["tokens_per_s"],
                    "expected_tokens_per_s": f"{expected:.1f}", "fraction_of_roof": line["fraction_of_roof"],
                    "peak_memory_mb": line["peak_memory_mb"],
                })
    with open(FOLDER / "growth.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys())
        writer.writeheader()
        writer.writerows(lines)
    write_text(lines)
    draw(lines)


def write_text(lines):
    widths = {key: max(len(key), *(len(str(line[key])) for line in lines)) for key in lines[0]}
    rows = [dict(zip(widths, widths))] + lines
    text = "".join("  ".join(str(row[key]).rjust(width) for key, width in widths.items()) + "\n" for row in rows)
    (FOLDER / "growth.txt").write_text(text)
    print(text, end="")


def draw(lines):
    figure, axes = plot.subplots(2, len(AXES), figsize=(16, 7), sharey="row", constrained_layout=True)
    for column, (letter, _) in enumerate(AXES.values()):
        for cell, colour in [("lstm", "tab:blue"), ("gru", "tab:orange")]:
            part = [line for line in lines if line["cell"] == cell and line["axis"] == letter]
            values = [line["value"] for line in part]
            speed, memory = axes[0][column], axes[1][column]
            speed.plot(values, [float(line["tokens_per_s"]) for line in part], "o-", color=colour, label=cell)
            speed.plot(
                values, [float(line["expected_tokens_per_s"]) for line in part], "--", color=colour, label=f"{cell}, expected")
            memory.plot(values, [float(line["peak_memory_mb"]) for line in part], "o-", color=colour, label=cell)
        for panel, name, ticks in [
            (axes[0][column], "training tokens/s", [2000, 5000, 10000, 20000, 50000]),
            (axes[1][column], "peak memory, MB", [50, 100, 200]),
        ]:
            panel.set(xscale="log", yscale="log", xlabel=letter, ylabel=name if column == 0 else None)
            panel.set_xticks(values, values)
            panel.set_yticks(ticks, ticks)
            panel.minorticks_off()
            panel.grid(alpha=0.3)
    axes[0][0].legend()
    figure.savefig(FOLDER / "growth.png", dpi=80)


if __name__ == "__main__":
    main()
