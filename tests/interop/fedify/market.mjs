// The marketplace of FEP-0837 in the native classes of the vocabulary: made of plain values, and told as plain values.
// What is told comes from the getters of the classes and from nothing else, so it is what this server understood.

import { randomUUID } from "node:crypto";
import * as vocab from "@fedify/vocab";
import { parseDecimal } from "@fedify/vocab-runtime";
import { Temporal } from "@js-temporal/polyfill";

const PROPOSAL = vocab.Proposal.typeId.href;

// A document with a marketplace's terms on a Note, read by somebody who takes it for the Proposal that it also is.
async function readAs(kind, document, options) {
  if (kind !== "Proposal") return await tell(await vocab[kind].fromJsonLd(document, options), options);
  return await tell(await vocab.Proposal.fromJsonLd({ ...document, type: PROPOSAL }, options), options);
}

export async function tell(object, options) {
  if (object == null) return null;
  if (object instanceof URL) return object.href;
  const told = { class: object.constructor.name, id: object.id?.href ?? null };
  if (object instanceof vocab.Activity) return { ...told, ...(await activity(object, options)) };
  if (object instanceof vocab.Agreement) return { ...told, ...(await agreement(object)) };
  if (vocab.isActor(object)) return { ...told, ...(await keysOf(object, options)) };
  return { ...told, ...(await post(object, options)), ...(object instanceof vocab.Proposal ? proposal(object) : {}) };
}

async function keysOf(it, options) {
  const [publicKeys, assertionMethods] = [[], []];
  for await (const key of it.getPublicKeys(options)) publicKeys.push(keyOf(key, key.ownerId));
  for await (const key of it.getAssertionMethods(options)) assertionMethods.push(keyOf(key, key.controllerId));
  return { publicKeys, assertionMethods };
}

const keyOf = (it, owner) => ({ id: it.id.href, owner: owner.href, algorithm: it.publicKey.algorithm.name });

async function activity(it, options) {
  // What is named by its id only, and cannot be had from there, is told by its id alone.
  const mild = { ...options, suppressError: true };
  const [object, result] = [await it.getObject(mild), await it.getResult(options)];
  return {
    actor: it.actorId?.href ?? null,
    to: it.toIds.map(String),
    cc: it.ccIds.map(String),
    published: it.published?.toString() ?? null,
    endTime: it.endTime?.toString() ?? null,
    content: it.content?.toString() ?? null,
    objectId: it.objectId?.href ?? null,
    object: await tell(object, options),
    result: await tell(result, options),
  };
}

function agreement(it) {
  const link = it.url instanceof vocab.Link ? it.url : null;
  return {
    attribution: it.attributionId?.href ?? null,
    stipulates: commitment(it.stipulates),
    stipulatesReciprocal: commitment(it.stipulatesReciprocal),
    endTime: it.endTime?.toString() ?? null,
    url: link && { href: link.href?.href ?? null, mediaType: link.mediaType ?? null },
  };
}

async function post(it, options) {
  const location = await it.getLocation(options);
  const tags = [];
  for await (const tag of it.getTags(options)) tags.push(`${tag.constructor.name} ${tag.name}`);
  return {
    attribution: it.attributionId?.href ?? null,
    to: it.toIds.map(String),
    cc: it.ccIds.map(String),
    content: it.content?.toString() ?? null,
    published: it.published?.toString() ?? null,
    updated: it.updated?.toString() ?? null,
    endTime: it.endTime?.toString() ?? null,
    url: it.url?.href?.toString() ?? null,
    sensitive: it.sensitive,
    location: location && place(location),
    tags,
  };
}

function place(it) {
  const { latitude, longitude, radius, units } = it;
  return { class: it.constructor.name, name: it.name?.toString() ?? null, latitude, longitude, radius, units };
}

function proposal(it) {
  return {
    purpose: it.purpose,
    publishes: intent(it.publishes),
    reciprocal: intent(it.reciprocal),
    unitBased: it.unitBased,
  };
}

function intent(it) {
  if (it == null) return null;
  return {
    class: it.constructor.name,
    id: it.id?.href ?? null,
    action: it.action,
    resourceConformsTo: it.resourceConformsTo?.href ?? null,
    resourceQuantity: measure(it.resourceQuantity),
    availableQuantity: measure(it.availableQuantity),
    minimumQuantity: measure(it.minimumQuantity),
  };
}

function commitment(it) {
  if (it == null) return null;
  return {
    class: it.constructor.name,
    id: it.id?.href ?? null,
    satisfies: it.satisfies?.href ?? null,
    resourceQuantity: measure(it.resourceQuantity),
  };
}

function measure(it) {
  return it == null ? null : { unit: it.unit, amount: it.numericalValue?.toString() ?? null };
}

const made = ({ unit, amount }) => new vocab.Measure({ unit, numericalValue: parseDecimal(amount) });

function makeProposal({ purpose, action, conformsTo, title, content, unit, amount }, envelope) {
  const quantities = { resourceQuantity: made({ unit, amount }), availableQuantity: made({ unit, amount }) };
  const publishes = new vocab.Intent({
    id: new URL("#primary", envelope.id),
    action,
    resourceConformsTo: new URL(conformsTo),
    ...quantities,
    minimumQuantity: made({ unit, amount: "1" }),
  });
  return new vocab.Proposal({ ...envelope, purpose, publishes, unitBased: true, name: title, content });
}

function makeOffer({ satisfies, unit, amount, content }, envelope) {
  const stipulates = new vocab.Commitment({ satisfies: new URL(satisfies), resourceQuantity: made({ unit, amount }) });
  return new vocab.Offer({ ...envelope, content, object: new vocab.Agreement({ stipulates }) });
}

function makeAccept(offer, agreed, { id, endTime }, envelope) {
  const { satisfies, resourceQuantity } = agreed.stipulates;
  const stipulates = new vocab.Commitment({ id: new URL("#primary", id), satisfies, resourceQuantity });
  const result = new vocab.Agreement({ id, attribution: envelope.actor, stipulates, endTime });
  return new vocab.Accept({ ...envelope, object: offer.id, result });
}

// What the control door does with all this; `server` says where things are kept and how they are sent.
export function marketCommands(server) {
  const ourselves = (ctx) => ctx.getActorUri(server.name);
  const send = (ctx, to, activity) => ctx.sendActivity({ identifier: server.name }, to, activity, { immediate: true });
  return {
    async propose(ctx, wanted) {
      const key = randomUUID();
      const id = ctx.getObjectUri(vocab.Proposal, { identifier: server.name, id: key });
      const published = Temporal.Now.instant();
      const addressed = { to: vocab.PUBLIC_COLLECTION, cc: ctx.getFollowersUri(server.name) };
      const proposal = makeProposal(wanted, { id, attribution: ourselves(ctx), published, ...addressed });
      server.proposals.set(key, proposal);
      await server.sendToFollowers(ctx, server.aboutPost(vocab.Create, ctx, proposal, published));
      return { id: id.href, intent: proposal.publishes.id.href };
    },
    async offer(ctx, { actor, ...wanted }) {
      const target = await ctx.lookupObject(actor);
      const envelope = { id: server.newId(ctx, "offers"), actor: ourselves(ctx), to: target.id };
      await send(ctx, target, makeOffer(wanted, envelope));
      return { id: envelope.id.href };
    },
    async agree(ctx, { offer, hours }) {
      const asked = server.offers.get(offer);
      const [target, agreed] = [await asked.getActor(ctx), await asked.getObject(ctx)];
      const endTime = Temporal.Now.instant().add({ hours: Number(hours) });
      const terms = { id: server.newId(ctx, "agreements"), endTime };
      const envelope = { id: server.newId(ctx, "accepts"), actor: ourselves(ctx), to: target.id };
      await send(ctx, target, makeAccept(asked, agreed, terms, envelope));
      return { id: envelope.id.href, agreement: terms.id.href };
    },
    read: (ctx, { kind, document }) => readAs(kind, document, ctx),
  };
}
