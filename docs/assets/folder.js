// Only in the folder that is opened without a server: browsers start no worker from a
// file, so that the code of the search comes along as text, ahead of this.

const { Worker } = globalThis;

globalThis.Worker = class extends Worker {
  constructor(url, ...options) {
    const code = globalThis.studyWorkers[String(url).split("/").at(-1)];
    super(code ? URL.createObjectURL(new Blob([code], { type: "text/javascript" })) : url, ...options);
  }
};
