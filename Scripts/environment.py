"""Where PyTorch comes from, and what a table says of how it was made. Needs no PyTorch itself."""

import datetime
import importlib.util
import json
import os
import pathlib
import platform
import signal
import subprocess
import sys
import venv

from failure import DATA, INPUT_OUTPUT, USAGE, fail, note

ROOT = pathlib.Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".build" / "peer"
REQUIREMENTS = pathlib.Path(__file__).resolve().parent / "requirements"


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


def attempt(command, limit=None, **options):
    """(Standard output, None), or (None, the reason): the last line of the command's complaint, or that it took longer than the limit in seconds."""
    try:
        # A session of its own, so that what it starts ends with it.
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **options)
    except OSError as error:
        return None, f"{command[0]} does not start: {error.strerror}"
    try:
        output, complaint = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        return None, f"took longer than {limit} s, compiling included"
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode != 0:
        lines = [line.strip() for line in complaint.splitlines() if line.strip()]
        return None, lines[-1] if lines else f"ended with status {process.returncode}"
    return output, None


def start_with(python, packages, remedy):
    """Starts this program anew with another Python where this one lacks packages that it needs."""
    if all(map(importlib.util.find_spec, packages)):
        return
    try:
        has_all = subprocess.run([python, "-c", f"import {', '.join(packages)}"], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        has_all = False
    if not has_all:
        fail(f"the packages {' and '.join(packages)} are missing; {remedy}", INPUT_OUTPUT)
    os.execvp(python, [python, *sys.argv])


def use_pytorch():
    """Sees to it that this program runs with PyTorch: with $PEER_PYTHON or the environment in .build/peer, where this Python has none."""
    start_with(
        os.environ.get("PEER_PYTHON") or str(ENVIRONMENT / "bin" / "python"), ["torch", "safetensors"],
        "`make compare-pytorch` installs them in .build/peer, PEER_PYTHON=/path/to/python names a Python that has them")


def peer_python():
    """The Python that runs PyTorch: $PEER_PYTHON, else that of a virtual environment in .build/peer, made the first time."""
    if os.environ.get("PEER_PYTHON"):
        return os.environ["PEER_PYTHON"]
    python = ENVIRONMENT / "bin" / "python"
    if not (python.exists() and has(python, "pytorch")):
        try:
            venv.create(ENVIRONMENT, with_pip=True, clear=True)
        except (subprocess.CalledProcessError, OSError) as error:
            fail(f"{ENVIRONMENT}: no environment can be made there ({error}); on Debian the package python3-venv is needed", INPUT_OUTPUT)
        if not install(python, "pytorch"):
            fail("pip could not install PyTorch; PEER_PYTHON=/path/to/python uses one that is there", INPUT_OUTPUT)
    return python


def pins(name):
    """The lines `package==version` of a file in Scripts/requirements."""
    lines = (REQUIREMENTS / f"{name}.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def has(python, name):
    """Whether a Python has the packages of Scripts/requirements/`name`.txt; of PyTorch any build of that version."""
    check = (
        "import importlib.metadata, sys\n"
        "for package, version in (pin.split('==') for pin in sys.argv[1:]):\n"
        "    assert importlib.metadata.version(package).split('+')[0] == version")
    return subprocess.run([python, "-c", check, *pins(name)], stderr=subprocess.DEVNULL).returncode == 0


def install(python, name):
    """Puts the packages of Scripts/requirements/`name`.txt into the environment of this repository; whether they are there then.

    $PEER_PYTHON is left as it is.
    """
    if os.environ.get("PEER_PYTHON") or has(python, name):
        return True
    note(f"Installing {', '.join(pins(name))} in .build/peer")
    command = [python, "-m", "pip", "install", "--quiet", "--retries", "1"]
    # The build of PyTorch without CUDA is a tenth of the size, but not on every index.
    without_cuda = [pin + "+cpu" if pin.startswith("torch==") else pin for pin in pins(name)]
    return any(subprocess.run(command + list(choice)).returncode == 0 for choice in dict.fromkeys([tuple(without_cuda), tuple(pins(name))]))


def load_average():
    """That of the last minute; a warning where something else runs."""
    load = os.getloadavg()[0]
    if load > 0.5:
        note(f"The load of the machine is {load:.2f}: something else runs, or did a minute ago; what runs will show in the figures.")
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


# Those of the packages that are there.
VERSIONS = """
import importlib.metadata, importlib.util, platform
names = {"torch": "PyTorch", "jax": "JAX", "jaxlib": "jaxlib"}
said = [f"{title} {importlib.metadata.version(name)}" for name, title in names.items() if importlib.util.find_spec(name)]
print(", ".join([*said, f"Python {platform.python_version()}"]))
"""


def provenance(command, python, ablate, load):
    """What a reader needs to repeat the run. No path: PEER_PYTHON is named, not shown."""
    versions = output_of([python, "-c", VERSIONS])
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
