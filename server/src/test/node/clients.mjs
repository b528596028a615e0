// Does what each line of its input asks for with the named client, pointed at Cairn by base URL and key alone, and
// answers with one line of JSON.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { embedMany, generateText, jsonSchema, streamText, tool } from "ai";
import { createInterface } from "node:readline";
import OpenAI from "openai";

const { BASE_URL: baseURL, API_KEY: apiKey } = process.env;
const HELLO = "say this word by word";
const PARAMETERS = { type: "object", properties: { city: { type: "string" } } };
const MESSAGES = [{ role: "user", content: HELLO }];
const FUNCTION = { type: "function", function: { name: "weather", parameters: PARAMETERS } };

const openai = (key = apiKey, maxRetries = 2) => new OpenAI({ baseURL, apiKey: key, maxRetries });
const compatible = createOpenAICompatible({ name: "cairn", baseURL, apiKey, includeUsage: true });
const langchain = (model = "small", more = {}) =>
  new ChatOpenAI({ model, apiKey, configuration: { baseURL }, maxRetries: 0, ...more });

const status = async attempt => {
  try {
    await attempt;
    return "none";
  } catch (error) {
    const known = error.lastError ?? error;
    return {
      status: known.status ?? known.statusCode,
      message: known.message,
      name: known.constructor.name,
      request: known.requestID,
    };
  }
};

const clients = {
  openai: {
    models: async () => (await openai().models.list()).data.map(model => model.id),
    embeddings: async () => {
      const vectors = async more =>
        (await openai().embeddings.create({ model: "embedder", input: ["one", "two"], ...more })).data
          .map(item => item.embedding);
      return { plain: await vectors({}), float: await vectors({ encoding_format: "float" }) };
    },
    whole: async () => {
      const answer = await openai().chat.completions.create({ model: "small", messages: MESSAGES });
      return { text: answer.choices[0].message.content, tokens: answer.usage.total_tokens };
    },
    streamed: async () => {
      const stream = openai().chat.completions.stream({
        model: "small", messages: MESSAGES, stream_options: { include_usage: true },
      });
      const answer = await stream.finalChatCompletion();
      return { text: answer.choices[0].message.content, tokens: answer.usage.total_tokens };
    },
    tools: async () => {
      const stream = openai().chat.completions.stream({ model: "small", messages: MESSAGES, tools: [FUNCTION] });
      const call = (await stream.finalChatCompletion()).choices[0].message.tool_calls[0];
      return { name: call.function.name, arguments: JSON.parse(call.function.arguments) };
    },
    requestId: async () => {
      const { data, response } = await openai().chat.completions.create({ model: "small", messages: MESSAGES })
        .withResponse();
      return { known: data._request_id, correlation: response.headers.get("x-correlation-id") };
    },
    unknown: () => status(openai().chat.completions.create({ model: "gpt-9", messages: MESSAGES })),
    wrongKey: () => status(openai("wrong").models.list()),
    failing: () => status(openai(apiKey, 0).chat.completions.create({ model: "small", messages: MESSAGES })),
    retried: () => clients.openai.whole(),
    breaking: () => status(openai(apiKey, 0).chat.completions.stream({ model: "small", messages: MESSAGES })
      .finalChatCompletion()),
    remembered: async () => {
      const client = new OpenAI({
        baseURL, apiKey, defaultHeaders: { "X-Cairn-Memory": "trip", "X-Cairn-Recall": "5" },
      });
      const { response } = await client.chat.completions.create({ model: "small", messages: MESSAGES }).withResponse();
      return response.headers.get("x-cairn-memory");
    },
  },
  ai: {
    embeddings: async () => {
      const { embeddings } = await embedMany({
        model: compatible.textEmbeddingModel("embedder"), values: ["one", "two"],
      });
      return { plain: embeddings };
    },
    whole: async () => {
      const { text, usage } = await generateText({ model: compatible("small"), prompt: HELLO });
      return { text, tokens: usage.totalTokens };
    },
    streamed: async () => {
      const result = streamText({ model: compatible("small"), prompt: HELLO });
      return { text: await result.text, tokens: (await result.usage).totalTokens };
    },
    tools: async () => {
      const weather = tool({ inputSchema: jsonSchema(PARAMETERS) });
      const result = streamText({ model: compatible("small"), prompt: HELLO, tools: { weather } });
      const [call] = await result.toolCalls;
      return { name: call.toolName, arguments: call.input };
    },
    unknown: () => status(generateText({ model: compatible("gpt-9"), prompt: HELLO })),
    failing: () => status(generateText({ model: compatible("small"), prompt: HELLO, maxRetries: 0 })),
    retried: () => clients.ai.whole(),
  },
  langchain: {
    embeddings: async () => {
      const client = new OpenAIEmbeddings({ model: "embedder", apiKey, configuration: { baseURL } });
      return { plain: await client.embedDocuments(["one", "two"]) };
    },
    whole: async () => {
      const answer = await langchain().invoke(HELLO);
      return { text: answer.content, tokens: answer.usage_metadata.total_tokens };
    },
    streamed: async () => {
      let whole;
      for await (const chunk of await langchain("small", { streamUsage: true }).stream(HELLO)) {
        whole = whole === undefined ? chunk : whole.concat(chunk);
      }
      return { text: whole.content, tokens: whole.usage_metadata.total_tokens };
    },
    tools: async () => {
      let whole;
      for await (const chunk of await langchain().bindTools([FUNCTION]).stream(HELLO)) {
        whole = whole === undefined ? chunk : whole.concat(chunk);
      }
      return { name: whole.tool_calls[0].name, arguments: whole.tool_calls[0].args };
    },
    unknown: () => status(langchain("gpt-9").invoke(HELLO)),
    failing: () => status(langchain().invoke(HELLO)),
    retried: async () => ({ text: (await langchain("small", { maxRetries: 2 }).invoke(HELLO)).content }),
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [client, wanted] = line.split(" ");
  try {
    console.log(JSON.stringify(await clients[client][wanted]()));
  } catch (error) {
    console.log(JSON.stringify({ failed: `${error.stack}` }));
  }
}
