// Speak instead of write: recorded by the browser, played back here, kept nowhere. No service hears
// it, and nothing reads it: what is to be read has to be written.
import { element } from "./inline.js";

// The controls, or nothing where the browser cannot record.
export function voice() {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return [];
  const said = element("p", { role: "status" });
  const button = element("button", { type: "button" }, "Record");
  const sound = element("audio", { controls: true, hidden: true });
  let recorder;

  async function record() {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const parts = [];
      recorder = new MediaRecorder(stream);
      recorder.ondataavailable = ({ data }) => parts.push(data);
      recorder.onstop = () => done(stream, new Blob(parts, { type: recorder.mimeType }));
      recorder.start();
      button.textContent = "Stop recording";
      said.textContent = "Recording. Speak as you would to somebody who draws along.";
    } catch {
      said.textContent = "This browser may not use a microphone here. Write instead.";
    }
  }

  function done(stream, blob) {
    for (const track of stream.getTracks()) track.stop();
    if (sound.src) URL.revokeObjectURL(sound.src);
    Object.assign(sound, { src: URL.createObjectURL(blob), hidden: false });
    button.textContent = "Record again";
    said.textContent = "Listen once, as a stranger would. Then write down what you said: only that is read.";
  }

  button.addEventListener("click", () => (recorder?.state === "recording" ? recorder.stop() : record()));
  const lead = element("p", {}, "For your own ear: it stays in this tab and is gone when you leave the page.");
  const fold = element("details", { className: "hls-voice" }, element("summary", {}, "Say it aloud first"), lead, element("div", { className: "hls-row" }, button, sound), said);
  return [fold];
}
