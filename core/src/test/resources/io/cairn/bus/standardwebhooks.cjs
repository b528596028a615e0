// Verifies or signs one webhook a line, with the library that JavaScript has for Standard Webhooks.
const { createRequire } = require("node:module");
const { Webhook } = createRequire(process.argv[2] + "/index.js")("standardwebhooks");

require("node:readline").createInterface({ input: process.stdin }).on("line", line => {
  const { secret, headers, id, seconds, body } = JSON.parse(line);
  const webhook = new Webhook(secret);
  if (headers) {
    try {
      webhook.verify(body, headers);
      console.log("genuine");
    } catch (refused) {
      console.log("refused");
    }
  } else {
    console.log(webhook.sign(id, new Date(seconds * 1000), body));
  }
});
