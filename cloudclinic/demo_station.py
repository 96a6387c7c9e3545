"""The demo's station: a process of its own, as it would run beside a patient."""

import asyncio
import contextlib
import os
import signal
import sys
from importlib.resources import as_file, files
from pathlib import Path
from typing import Self

CINE = "cardiac_a4c_120_frames.dcm"
PROFILES = "profiles"
DEMO_ECG = "simulator:rhythm=sinus,rate=74"
"""A stored ECG of ten seconds has its seam in any ten seconds that one takes; this heart goes on."""
STOP_LIMIT_S = 10.0


class DemoStation:
    """A `cloudclinic station` process; killed or stopped, it is started again after a second."""

    def __init__(
        self,
        server_url: str,
        token_file: Path,
        directory: Path,
        *,
        synthetic: bool,
        ecg: str | None = None,
        ultrasound: str | None = None,
    ) -> None:
        self._server_url = server_url
        self._token_file = token_file
        self._directory = directory
        self._synthetic = synthetic
        self._ecg = ecg
        self._ultrasound = ultrasound
        self._resources = contextlib.ExitStack()
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def pid(self) -> int:
        """Of the running process; 0 between two."""
        return self._process.pid if self._process else 0

    async def __aenter__(self) -> Self:
        await self._start()
        self._watch = asyncio.create_task(self._restart_when_it_ends())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping = True
        if self._process and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), STOP_LIMIT_S)
            except TimeoutError:
                self._process.kill()
        if self._watch:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        self._resources.close()

    async def _start(self) -> None:
        ultrasound, ecg = self._sources()
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cloudclinic", "station", "--server", self._server_url),
            *("--token-file", str(self._token_file), "--data", str(self._directory)),
            *("--ultrasound", ultrasound, "--ecg", ecg, *self._profiles(ultrasound)),
            start_new_session=True,  # Ctrl+C is for the demo, which stops the station in order
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )

    def _sources(self) -> tuple[str, str]:
        if self._synthetic:
            return self._ultrasound or "synthetic", self._ecg or "synthetic"
        if self._ultrasound:
            return self._ultrasound, self._ecg or DEMO_ECG
        cine = self._resources.enter_context(as_file(files("cloudclinic.demo_data") / CINE))
        return f"dicom:{cine}", self._ecg or DEMO_ECG

    def _profiles(self, ultrasound: str) -> tuple[str, ...]:
        """What of the bundled cine's screen is seen; other sources are masked by the station's own."""
        if not ultrasound.endswith(CINE):
            return ()
        folder = self._resources.enter_context(as_file(files("cloudclinic.demo_data") / PROFILES))
        return "--profiles", str(folder)

    async def _restart_when_it_ends(self) -> None:
        while self._process:
            await self._process.wait()
            if self._stopping:
                return
            await asyncio.sleep(1)
            await self._start()


def bundled_ecg() -> str:
    """The 12-lead ECG that comes inside pydicom."""
    from pydicom.data import get_testdata_file

    return str(get_testdata_file("waveform_ecg.dcm"))
