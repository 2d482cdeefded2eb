// The agent's phone: one WebRTC line to the voice process, kept up by itself.
// It asks the page for a ticket, offers G.711 first, and comes back after every loss.
"use strict";
window.YiwangLine = class {
  constructor({ address, ticket, tell, out }) {
    this.address = address;
    this.ticket = ticket;
    this.tell = tell;
    this.out = out;
    this.session = window.crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.wanted = false;
    this.pause = 250;
    this.peer = null;
    this.stream = null;
    this.isMuted = false;
  }

  want(isWanted) {
    if (isWanted === this.wanted) return;
    this.wanted = isWanted;
    if (isWanted) this.connect();
    else this.drop();
  }

  mute(isMuted) {
    this.isMuted = isMuted;
    this.stream?.getAudioTracks().forEach((track) => { track.enabled = !isMuted; });
  }

  async connect() {
    if (!this.wanted || this.connecting) return;
    if (!navigator.mediaDevices || !window.RTCPeerConnection) {
      this.tell("insecure");
      return;
    }
    this.connecting = true;
    this.tell("trying");
    try {
      await this.hear();
      await this.offer();
    } catch (trouble) {
      this.peer?.close();
      this.peer = null;
      const isMicrophone = ["NotAllowedError", "NotFoundError", "NotReadableError"].includes(trouble.name);
      this.tell(isMicrophone ? "microphone" : "down");
      this.again(isMicrophone ? 5000 : 0);
    } finally {
      this.connecting = false;
    }
  }

  async hear() {
    if (this.stream?.getAudioTracks().some((track) => track.readyState === "live")) return;
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    this.mute(this.isMuted);
  }

  async offer() {
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    this.peer = peer;
    const [track] = this.stream.getAudioTracks();
    const line = peer.addTransceiver(track, { direction: "sendrecv", streams: [this.stream] });
    const known = RTCRtpReceiver.getCapabilities?.("audio")?.codecs || [];
    const wanted = ["audio/pcma", "audio/pcmu", "audio/telephone-event"];
    const chosen = wanted.flatMap((name) => known.filter((codec) => codec.mimeType.toLowerCase() === name));
    if (chosen.length) line.setCodecPreferences?.(chosen);
    peer.addEventListener("track", (event) => {
      this.out.srcObject = event.streams[0] || new MediaStream([event.track]);
      this.out.play().catch(() => { /* a browser that wants a click first plays at the first one */ });
    });
    peer.addEventListener("connectionstatechange", () => this.changed(peer));
    await peer.setLocalDescription(await peer.createOffer());
    await this.gathered(peer);
    const ticket = await this.ticket(this.session);
    if (!ticket) throw new Error("no ticket");
    const answer = await fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "text/plain" },
      body: JSON.stringify({ ticket, sdp: peer.localDescription.sdp }),
      credentials: "omit",
    });
    if (!answer.ok) throw new Error(`refused ${answer.status}`);
    const { sdp } = await answer.json();
    if (this.peer === peer) await peer.setRemoteDescription({ type: "answer", sdp });
  }

  gathered(peer) {
    if (peer.iceGatheringState === "complete") return Promise.resolve();
    return new Promise((done) => {
      const late = setTimeout(done, 1000);
      peer.addEventListener("icegatheringstatechange", () => {
        if (peer.iceGatheringState !== "complete") return;
        clearTimeout(late);
        done();
      });
    });
  }

  changed(peer) {
    if (peer !== this.peer) return;
    if (peer.connectionState === "connected") {
      this.pause = 250;
      this.tell("up");
    } else if (["failed", "disconnected", "closed"].includes(peer.connectionState)) {
      peer.close();
      this.peer = null;
      this.tell("down");
      this.again(0);
    }
  }

  again(least) {
    if (!this.wanted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), Math.max(least, this.pause));
    this.pause = Math.min(this.pause * 2, 5000);
  }

  drop() {
    clearTimeout(this.timer);
    this.peer?.close();
    this.peer = null;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.tell("off");
  }
};
