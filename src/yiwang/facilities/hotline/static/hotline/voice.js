/* The agent's half of a call: one standing connection to the voice process, kept and found again.
 *
 *   var phone = yiwangVoice({
 *     address: "http://host:8002",          // where the voice process listens; "" behind a front server
 *     ticket: function () { return Promise.resolve("…"); },   // a fresh ticket from the console's page
 *     audio: document.querySelector("audio"),
 *     told: function (state) { … }           // "connecting", "up", "down", "refused", "no-microphone"
 *   });
 *   phone.mute(true); phone.close();
 *
 * The connection stands while nobody calls, so that a call is heard at once.
 */
(function () {
  "use strict";

  var PATIENCE = 400;
  var FIRST_PAUSE = 300;
  var LONGEST_PAUSE = 5000;
  var SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

  function gathered(connection) {
    return new Promise(function (resolve) {
      if (connection.iceGatheringState === "complete") { resolve(); return; }
      connection.addEventListener("icegatheringstatechange", function () {
        if (connection.iceGatheringState === "complete") { resolve(); }
      });
      window.setTimeout(resolve, PATIENCE);
    });
  }

  function preferTelephone(transceiver) {
    var known = window.RTCRtpReceiver && RTCRtpReceiver.getCapabilities
      ? RTCRtpReceiver.getCapabilities("audio").codecs : [];
    var wanted = ["audio/PCMA", "audio/PCMU"].map(function (kind) {
      return known.filter(function (codec) { return codec.mimeType === kind; })[0];
    }).filter(Boolean);
    if (wanted.length && transceiver.setCodecPreferences) { transceiver.setCodecPreferences(wanted); }
  }

  window.yiwangVoice = function (options) {
    var connection = null;
    var microphone = null;
    var isClosed = false;
    var isMuted = false;
    var pause = FIRST_PAUSE;
    var timer = null;
    var state = "";

    function tell(next) {
      if (next !== state) {
        state = next;
        if (options.told) { options.told(next); }
      }
    }

    function again() {
      if (isClosed || timer) { return; }
      tell("down");
      timer = window.setTimeout(function () { timer = null; connect(); }, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }

    function drop() {
      if (connection) {
        connection.onconnectionstatechange = null;
        connection.close();
        connection = null;
      }
    }

    function listen() {
      if (microphone) { return Promise.resolve(microphone); }
      return navigator.mediaDevices.getUserMedia({ audio: options.sound || SOUND }).then(function (stream) {
        microphone = stream;
        return stream;
      });
    }

    function connect() {
      var mine;
      drop();
      tell("connecting");
      return listen().then(function (stream) {
        var track = stream.getAudioTracks()[0];
        track.enabled = !isMuted;
        mine = connection = new RTCPeerConnection({ iceServers: [] });
        preferTelephone(mine.addTransceiver(track, { direction: "sendrecv", streams: [stream] }));
        mine.ontrack = function (event) {
          options.audio.srcObject = new MediaStream([event.track]);
          options.audio.play().catch(function () { /* plays at the next touch of the page */ });
        };
        mine.onconnectionstatechange = function () {
          if (mine !== connection) { return; }
          if (mine.connectionState === "connected") { pause = FIRST_PAUSE; tell("up"); }
          if (mine.connectionState === "failed" || mine.connectionState === "disconnected") { again(); }
        };
        return mine.createOffer();
      }).then(function (offer) {
        return mine.setLocalDescription(offer);
      }).then(function () {
        return Promise.all([options.ticket(), gathered(mine)]);
      }).then(function (found) {
        return fetch(options.address + "/voice/offer", {
          method: "POST",
          headers: { "Content-Type": "text/plain" },
          credentials: "omit",
          body: JSON.stringify({ ticket: found[0], sdp: mine.localDescription.sdp })
        });
      }).then(function (answer) {
        if (answer.status === 403) { throw new Error("refused"); }
        if (!answer.ok) { throw new Error("down"); }
        return answer.json();
      }).then(function (told) {
        return mine.setRemoteDescription({ type: "answer", sdp: told.sdp });
      }).catch(function (error) {
        if (isClosed) { return; }
        if (error && (error.name === "NotAllowedError" || error.name === "NotFoundError")) {
          tell("no-microphone");
          return;
        }
        again();
        if (error && error.message === "refused") { tell("refused"); }
      });
    }

    connect();
    return {
      mute: function (wanted) {
        isMuted = Boolean(wanted);
        if (microphone) { microphone.getAudioTracks().forEach(function (t) { t.enabled = !isMuted; }); }
      },
      connection: function () { return connection; },
      close: function () {
        isClosed = true;
        window.clearTimeout(timer);
        drop();
        if (microphone) { microphone.getTracks().forEach(function (track) { track.stop(); }); }
      }
    };
  };
}());
