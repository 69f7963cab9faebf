// Runs in the audio thread: plays what it is sent, waits until enough is there, and never falls far behind.

class Player extends AudioWorkletProcessor {
  constructor() {
    super();
    this.chunks = [];
    this.at = 0;
    this.waiting = 0;
    this.playing = false;
    this.port.onmessage = ({ data }) => {
      this.chunks.push(data);
      this.waiting += data[0].length;
      if (this.waiting >= sampleRate / 10) this.playing = true;
      // A page that slept plays what is new, not what it missed.
      while (this.waiting > sampleRate / 2 && this.chunks.length > 1) this.next();
    };
  }

  next() {
    this.waiting -= this.chunks.shift()[0].length - this.at;
    this.at = 0;
  }

  process(_inputs, [output]) {
    for (let index = 0; this.playing && index < output[0].length; index++) {
      const [chunk] = this.chunks;
      if (chunk === undefined) {
        this.playing = false;
        break;
      }
      for (let channel = 0; channel < output.length; channel++)
        output[channel][index] = (chunk[channel] ?? chunk[0])[this.at];
      this.at++;
      this.waiting--;
      if (this.at === chunk[0].length) {
        this.chunks.shift();
        this.at = 0;
      }
    }
    return true;
  }
}

registerProcessor('sluice-player', Player);
