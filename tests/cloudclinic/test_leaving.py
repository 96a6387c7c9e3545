"""A thread that is left in a C++ library when a command ends does not abort the process."""

import subprocess
import sys

from tests.ultrasound.cines import DEMO_CINE

LEFT = """
import sys, threading
import cv2
import numpy as np
from cloudclinic.cli import main

def work():
    while True:
        cv2.GaussianBlur(np.zeros((500, 500, 3), np.uint8), (31, 31), 5)

for _ in range(8):
    threading.Thread(target=work, daemon=True).start()
sys.argv = ["cloudclinic", "ultrasound", "info", *sys.argv[1:]]
raise SystemExit(main())
"""


def test_a_thread_that_is_left_does_not_abort_the_process() -> None:
    for file, status in ((str(DEMO_CINE), 0), (__file__, 2)):
        ended = subprocess.run([sys.executable, "-c", LEFT, file], capture_output=True, text=True, timeout=50)
        assert (ended.returncode, "terminate called" in ended.stderr) == (status, False)
        assert file in ended.stdout + ended.stderr  # what was said is not lost
