// A small server written with Fedify, so that the tests meet somebody who did not read our code.
// It serves one person at /users/stranger on loopback over plain http. The tests tell it what to do
// through /control and ask it what it saw. Nothing here knows anything about Manyhands.
//
//   node server.mjs PORT [--ed25519] [--cavage] [--closed]
//
//   --ed25519   it has a second key, and what it sends carries object proofs
//   --cavage    it signs by draft-cavage first, and not by RFC 9421
//   --closed    nobody reads its outbox or its notes without a signature
//
//   POST /control/follow {actor}        ask to follow an actor
//   POST /control/unfollow {actor}      undo that
//   POST /control/post {content}        send a public note to the followers -> {id}
//   POST /control/edit {id, content}    send its Update
//   POST /control/delete {id}           send its Delete
//   POST /control/propose {purpose, action, conformsTo, title, content, unit, amount}
//                                       send a proposal to the followers -> {id, intent}
//   POST /control/offer {actor, satisfies, unit, amount, content}
//                                       offer an agreement about somebody's proposal -> {id}
//   POST /control/agree {offer, hours}  accept an offer that was received -> {id, agreement}
//   POST /control/read {kind, document} what the vocabulary's native class `kind` understands of a document
//   GET  /control/market                offers, and answers to offers, as the native classes understood them
//   GET  /control/inbox                 every message received, and whether it was believed
//   GET  /control/timeline              the notes as this server would show them now
//   GET  /control/followers             the actors that follow it

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createFederation, MemoryKvStore } from "@fedify/fedify";
import * as vocab from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";
import { describe } from "./arrivals.mjs";
import { marketCommands, tell } from "./market.mjs";

const NAME = "stranger";
// Half the length that Fedify makes by itself, which takes seconds.
const keys = await crypto.subtle.generateKey(
  { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
  true,
  ["sign", "verify"],
);
const proving = process.argv.includes("--ed25519")
  ? [await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])]
  : [];
const followers = new Map();
const follows = new Map();
const posts = new Map();
const timeline = new Map();
const proposals = new Map();
const offers = new Map();
const market = [];
const received = [];
const handled = new Set();

const federation = createFederation({
  kv: new MemoryKvStore(),
  allowPrivateAddress: true,
  firstKnock: process.argv.includes("--cavage") ? "draft-cavage-http-signatures-12" : "rfc9421",
});
const isWelcome = async (ctx) => !process.argv.includes("--closed") || (await ctx.getSignedKeyOwner()) != null;

federation
  .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
    if (identifier !== NAME) return null;
    const [pair, ...others] = await ctx.getActorKeyPairs(identifier);
    return new vocab.Person({
      id: ctx.getActorUri(identifier),
      preferredUsername: identifier,
      name: "A stranger",
      url: ctx.getActorUri(identifier),
      inbox: ctx.getInboxUri(identifier),
      outbox: ctx.getOutboxUri(identifier),
      followers: ctx.getFollowersUri(identifier),
      endpoints: new vocab.Endpoints({ sharedInbox: ctx.getInboxUri() }),
      publicKey: pair.cryptographicKey,
      assertionMethods: others.map((other) => other.multikey),
    });
  })
  // Without an Ed25519 key, what leaves carries no object proof.
  .setKeyPairsDispatcher((_ctx, identifier) => (identifier === NAME ? [keys, ...proving] : []));

federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [...followers.values()] }));

federation
  .setOutboxDispatcher("/users/{identifier}/outbox", (ctx) => ({
    items: [...posts.values()].map((post) => create(ctx, post)),
  }))
  .authorize(isWelcome);

federation
  .setObjectDispatcher(vocab.Note, "/users/{identifier}/posts/{id}", (ctx, { id }) => {
    const post = posts.get(id);
    return post ? note(ctx, post) : null;
  })
  .authorize(isWelcome);

federation.setObjectDispatcher(
  vocab.Proposal,
  "/users/{identifier}/proposals/{id}",
  (_ctx, { id }) => proposals.get(id) ?? null,
);

federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .on(vocab.Follow, async (ctx, follow) => {
    handled.add(follow.id.href);
    const follower = await follow.getActor(ctx);
    followers.set(follower.id.href, recipient(follower));
    const accept = new vocab.Accept({ id: newId(ctx, "accepts"), actor: ctx.getActorUri(NAME), object: follow });
    await ctx.sendActivity({ identifier: NAME }, follower, accept, { immediate: true });
  })
  .on(vocab.Undo, async (ctx, undo) => {
    handled.add(undo.id.href);
    if ((await undo.getObject(ctx)) instanceof vocab.Follow) followers.delete(undo.actorId.href);
  })
  .on(vocab.Create, async (ctx, activity) => show(ctx, activity))
  .on(vocab.Update, async (ctx, activity) => show(ctx, activity))
  .on(vocab.Delete, async (_ctx, activity) => {
    handled.add(activity.id.href);
    timeline.delete(activity.objectId?.href);
  })
  .on(vocab.Offer, async (ctx, offer) => {
    offers.set(offer.id.href, offer);
    await trade(ctx, offer);
  })
  .on(vocab.Accept, trade)
  .on(vocab.Reject, trade)
  .on(vocab.Activity, (_ctx, activity) => {
    handled.add(activity.id.href);
  });

async function trade(ctx, activity) {
  handled.add(activity.id.href);
  market.push(await tell(activity, ctx));
}

async function show(ctx, activity) {
  handled.add(activity.id.href);
  const object = await activity.getObject(ctx);
  if (!(object instanceof vocab.Note) || object.attributionId?.href !== activity.actorId.href) return;
  timeline.set(object.id.href, {
    id: object.id.href,
    author: object.attributionId.href,
    content: object.content?.toString() ?? null,
    published: object.published?.toString() ?? null,
    updated: object.updated?.toString() ?? null,
    url: object.url?.href?.toString() ?? null,
  });
}

function recipient(actor) {
  return { id: actor.id, inboxId: actor.inboxId, endpoints: { sharedInbox: actor.endpoints?.sharedInbox ?? null } };
}

function newId(ctx, kind) {
  return new URL(`/${kind}/${randomUUID()}`, ctx.origin);
}

function note(ctx, { id, content, published, updated }) {
  return new vocab.Note({
    id: ctx.getObjectUri(vocab.Note, { identifier: NAME, id }),
    attribution: ctx.getActorUri(NAME),
    content,
    published,
    updated,
    to: vocab.PUBLIC_COLLECTION,
    cc: ctx.getFollowersUri(NAME),
  });
}

function create(ctx, post) {
  return aboutPost(vocab.Create, ctx, note(ctx, post), post.published);
}

function aboutPost(Activity, ctx, object, published) {
  return new Activity({
    id: newId(ctx, "activities"),
    actor: ctx.getActorUri(NAME),
    object,
    published,
    to: vocab.PUBLIC_COLLECTION,
    cc: ctx.getFollowersUri(NAME),
  });
}

async function sendToFollowers(ctx, activity) {
  await ctx.sendActivity({ identifier: NAME }, [...followers.values()], activity, { immediate: true });
}

function findPost(ctx, id) {
  const parsed = ctx.parseUri(new URL(id));
  const post = parsed?.type === "object" ? posts.get(parsed.values.id) : undefined;
  if (!post) throw new Error(`no post ${id}`);
  return post;
}

const commands = {
  async follow(ctx, { actor }) {
    const documentLoader = await ctx.getDocumentLoader({ identifier: NAME });
    const target = await ctx.lookupObject(actor, { documentLoader });
    if (!vocab.isActor(target)) throw new Error(`no actor at ${actor}`);
    const follow = new vocab.Follow({
      id: newId(ctx, "follows"),
      actor: ctx.getActorUri(NAME),
      object: target.id,
      to: target.id,
    });
    follows.set(actor, { follow, target });
    await ctx.sendActivity({ identifier: NAME }, target, follow, { immediate: true });
    return { id: follow.id.href };
  },
  async unfollow(ctx, { actor }) {
    const { follow, target } = follows.get(actor);
    const undo = new vocab.Undo({ id: newId(ctx, "undos"), actor: ctx.getActorUri(NAME), object: follow, to: target.id });
    await ctx.sendActivity({ identifier: NAME }, target, undo, { immediate: true });
    follows.delete(actor);
    return { id: undo.id.href };
  },
  async post(ctx, { content }) {
    const post = { id: randomUUID(), content, published: Temporal.Now.instant() };
    posts.set(post.id, post);
    await sendToFollowers(ctx, create(ctx, post));
    return { id: note(ctx, post).id.href };
  },
  async edit(ctx, { id, content }) {
    const post = findPost(ctx, id);
    Object.assign(post, { content, updated: Temporal.Now.instant() });
    await sendToFollowers(ctx, aboutPost(vocab.Update, ctx, note(ctx, post), post.updated));
    return { id };
  },
  async delete(ctx, { id }) {
    posts.delete(findPost(ctx, id).id);
    const tombstone = new vocab.Tombstone({ id: new URL(id) });
    await sendToFollowers(ctx, aboutPost(vocab.Delete, ctx, tombstone, Temporal.Now.instant()));
    return { id };
  },
};

Object.assign(commands, marketCommands({ name: NAME, proposals, offers, newId, aboutPost, sendToFollowers }));

const views = {
  inbox: () => received,
  market: () => market,
  timeline: () => [...timeline.values()],
  followers: () => [...followers.keys()],
};

async function control(request, name) {
  if (request.method === "GET") return Response.json(views[name]());
  const ctx = federation.createContext(request, undefined);
  try {
    return Response.json(await commands[name](ctx, await request.json()));
  } catch (error) {
    return Response.json({ error: String(error) }, { status: 502 });
  }
}

async function receive(request) {
  const body = await request.clone().text();
  const response = await federation.fetch(request, { contextData: undefined });
  received.push(describe(body, request.headers, response.status, handled));
  return response;
}

function answer(request) {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith("/control/")) return control(request, pathname.slice("/control/".length));
  if (request.method === "POST") return receive(request);
  return federation.fetch(request, { contextData: undefined });
}

const server = createServer(async (incoming, outgoing) => {
  const chunks = await Array.fromAsync(incoming);
  const hasBody = !["GET", "HEAD"].includes(incoming.method);
  const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method,
    headers: incoming.headers,
    body: hasBody ? Buffer.concat(chunks) : undefined,
  });
  const response = await answer(request).catch((error) => new Response(String(error), { status: 500 }));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
});

server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
