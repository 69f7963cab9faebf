"""Publishes a tone by WHIP with aiortc, which shares no line with our engine: python3 aiortc-whip.py URL TOKEN HZ, until its input ends."""

import asyncio
import fractions
import math
import sys
import urllib.parse
import urllib.request
from array import array

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack
from av import AudioFrame

RATE = 48000
SAMPLES = 960


class Tone(AudioStreamTrack):
    """Frames of 20 ms, each when its time has come."""

    def __init__(self, hz):
        super().__init__()
        self.hz, self.at, self.start = hz, 0, None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.start = loop.time() if self.start is None else self.start
        await asyncio.sleep(max(0, self.start + self.at / RATE - loop.time()))
        turn = 2 * math.pi * self.hz / RATE
        samples = array("h", (round(13000 * math.sin(turn * (self.at + n))) for n in range(SAMPLES)))
        frame = AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        frame.planes[0].update(samples.tobytes())
        frame.pts, frame.sample_rate, frame.time_base = self.at, RATE, fractions.Fraction(1, RATE)
        self.at += SAMPLES
        return frame


def ask(url, method, token, body=None):
    headers = {"Content-Type": "application/sdp", "Authorization": "Bearer " + token}
    data = None if body is None else body.encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method)) as reply:
        return reply.status, reply.headers, reply.read().decode()


async def main(url, token, hz):
    peer = RTCPeerConnection()
    peer.addTransceiver(Tone(float(hz)), direction="sendonly")
    await peer.setLocalDescription(await peer.createOffer())
    loop = asyncio.get_running_loop()
    status, headers, answer = await loop.run_in_executor(None, ask, url, "POST", token, peer.localDescription.sdp)
    assert status == 201, status
    session = urllib.parse.urljoin(url, headers["Location"])
    await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    await loop.run_in_executor(None, sys.stdin.read)
    status, _, _ = await loop.run_in_executor(None, ask, session, "DELETE", token)
    print("ended", status)
    await peer.close()


asyncio.run(main(*sys.argv[1:]))
