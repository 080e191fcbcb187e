// What is told of a message that arrived.

// Fedify believes a linked-data signature or an object proof before it looks at the HTTP signature.
// Only a message without either, and handed on to a listener, shows that the HTTP signature was good.
export function describe(body, headers, status, handled) {
  let activity;
  try {
    activity = JSON.parse(body);
  } catch {
    return { status, believed: false };
  }
  const object = activity.object;
  const embedded = Boolean(activity.signature || activity.proof);
  const believed = status < 300 && handled.has(activity.id);
  return {
    type: activity.type,
    id: activity.id,
    actor: activity.actor,
    object: typeof object === "string" ? object : (object?.id ?? null),
    content: object?.content ?? null,
    status,
    believed,
    by_http_signature: believed && !embedded && headers.has("signature"),
    scheme: headers.has("signature-input") ? "rfc9421" : "cavage",
  };
}
