"""The installed command line: where it is, and one call of it.

Geolyft has a Python of its own, and QGIS another: nothing of geolyft is imported here.
"""

import json
import os
import queue
import re
import shutil
import subprocess
import threading

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import QgsProcessingException

PROGRAM = "geolyft"
SETTING = "GEOLYFT_PROGRAM"
# What QGIS tells its own Python would lead another one astray.
_OF_QGIS = ("PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__")
_PROGRESS = re.compile(r"geolyft: +(\d+) % (.*)")
_PATIENCE = 0.2


def found() -> str:
    """Return the path of the program."""
    said = (ProcessingConfig.getSetting(SETTING) or "").strip()
    path = shutil.which(said or PROGRAM)
    if path is None:
        where = f"{said} finns inte eller kan inte köras" if said else "geolyft finns inte i PATH"
        raise QgsProcessingException(
            f"{where}. Installera geolyft, och ange programmet under Inställningar, Alternativ, "
            "Bearbetning, Leverantörer, geolyft."
        )
    return path


def called(arguments, feedback):
    """Run the program, tell what it tells, and return its answer; a refusal is an exception."""
    command = [found(), *arguments, "--json", "--progress"]
    feedback.pushCommandInfo(" ".join(command))
    environment = {name: text for name, text in os.environ.items() if name not in _OF_QGIS}
    hidden = {"creationflags": subprocess.CREATE_NO_WINDOW} if os.name == "nt" else {}
    with subprocess.Popen(  # noqa: S603 - the program that is installed
        command,
        env={**environment, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        **hidden,
    ) as process:
        lines = queue.Queue()
        answer = []
        threads = [
            threading.Thread(target=_put, args=(process.stderr, lines)),
            threading.Thread(target=lambda: answer.append(process.stdout.read())),
        ]
        for thread in threads:
            thread.start()
        told = _follow(process, lines, feedback)
        for thread in threads:
            thread.join()
    if feedback.isCanceled():
        raise QgsProcessingException("Avbrutet. Inget är skrivet.")
    if process.returncode:
        raise QgsProcessingException("\n".join(told) or f"geolyft: {process.returncode}")
    for line in told:
        feedback.pushWarning(line)
    return json.loads(answer[0])


def _put(stream, lines):
    for line in stream:
        lines.put(line.rstrip())
    lines.put(None)


def _follow(process, lines, feedback):
    """Show how far it has come, and return what else it told."""
    told = []
    while True:
        if feedback.isCanceled():
            process.terminate()
        try:
            line = lines.get(timeout=_PATIENCE)
        except queue.Empty:
            continue
        if line is None:
            return told
        step = _PROGRESS.fullmatch(line)
        if step:
            feedback.setProgress(int(step[1]))
            feedback.setProgressText(step[2])
        elif line:
            told.append(line)
