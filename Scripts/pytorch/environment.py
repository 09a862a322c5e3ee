"""Where PyTorch comes from, and what a table says of how it was made. Needs no PyTorch itself."""

import datetime
import json
import os
import pathlib
import platform
import subprocess
import venv

from .failure import DATA, INPUT_OUTPUT, USAGE, fail, note

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = ROOT / ".build" / "peer"
PYTORCH, SAFETENSORS = "2.13.0", "0.8.0"


def output_of(command, **options):
    """Standard output of a command, or the end of this run with the command's own message."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, **options)
    except OSError as error:
        fail(f"{command[0]} does not start: {error.strerror}", INPUT_OUTPUT)
    if done.returncode != 0:
        status = done.returncode if done.returncode in (USAGE, DATA, INPUT_OUTPUT) else DATA
        fail(f"`{pathlib.Path(command[0]).name} {command[1]} …` ended with status {done.returncode}", status)
    return done.stdout


def peer_python():
    """The Python that runs PyTorch: $PEER_PYTHON, else that of a virtual environment in .build/peer, made the first time."""
    if os.environ.get("PEER_PYTHON"):
        return os.environ["PEER_PYTHON"]
    python = ENVIRONMENT / "bin" / "python"
    versions = f"torch.__version__.split('+')[0] == '{PYTORCH}' and safetensors.__version__ == '{SAFETENSORS}'"
    check = [python, "-c", f"import numpy, safetensors, torch; raise SystemExit(not ({versions}))"]
    if python.exists() and subprocess.run(check, stderr=subprocess.DEVNULL).returncode == 0:
        return python
    note(f"Installing PyTorch {PYTORCH} in .build/peer")
    venv.create(ENVIRONMENT, with_pip=True, clear=True)
    install = [python, "-m", "pip", "install", "--quiet", "--retries", "1", "numpy", f"safetensors=={SAFETENSORS}"]
    # The build without CUDA is a tenth of the size, but not on every index.
    attempts = [[f"torch=={PYTORCH}+cpu"], [f"torch=={PYTORCH}"]]
    if not any(subprocess.run(install + attempt).returncode == 0 for attempt in attempts):
        fail(f"pip could not install PyTorch {PYTORCH}; PEER_PYTHON=/path/to/python uses one that is there", INPUT_OUTPUT)
    return python


def load_average():
    """That of the last minute; a warning where something else runs."""
    load = os.getloadavg()[0]
    if load > 0.5:
        note(f"The load of the machine is {load:.2f}: something else runs, and the figures will show it.")
    return load


def commit():
    """The commit of this repository, and whether files in it differ."""
    git = ["git", "-C", ROOT]
    head = subprocess.run(git + ["rev-parse", "HEAD"], capture_output=True, text=True)
    if head.returncode != 0:
        return "unknown: this is no repository"
    changed = output_of(git + ["status", "--porcelain", "--untracked-files=no"]).strip()
    return head.stdout.strip() + (" with uncommitted changes" if changed else "")


def information(ablate):
    """What `ablate` says of itself and of the machine; the cores are those that may be used, not all."""
    return json.loads(output_of([ablate, "info", "--dataset", "synthetic", "--json"], cwd=ROOT))


def provenance(command, python, ablate, load):
    """What a reader needs to repeat the run. No path: PEER_PYTHON is named, not shown."""
    versions = output_of([python, "-c", "import platform, torch; print('PyTorch', torch.__version__ + ', Python', platform.python_version())"])
    info = information(ablate)
    settings = [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith("OPENBLAS_")]
    model = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), model)
    return [
        f"command   {command}",
        f"commit    {commit()}",
        f"machine   {model}, {info['cores']} cores ({info['cores_limited_by']}), load {load:.2f} at the start",
        f"BLAS      {info['blas_library']}; core {info['blas_core']}; {' '.join(settings) or 'no OPENBLAS_ variable set'}",
        f"product   {info['matrix_products']} for the matrix products of ablate",
        f"peer      {versions.strip()}{' (PEER_PYTHON)' if os.environ.get('PEER_PYTHON') else ''}",
        f"date      {datetime.date.today()}",
    ]
