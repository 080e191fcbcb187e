"""The `@context` values we send, exactly as in protocol section 2. They are never fetched, by us or for us."""

from schemas.strict import Json

AS = "https://www.w3.org/ns/activitystreams"
SECURITY = "https://w3id.org/security/v1"
DID = "https://www.w3.org/ns/did/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"
VALUEFLOWS = "https://w3id.org/valueflows/ont/vf#"
UNITS = "http://www.ontology-of-units-of-measure.org/resource/om-2/"
AID = "https://w3id.org/manyhands/ns#"

ACTOR_CONTEXT: list[Json] = [
    AS,
    DID,
    SECURITY,
    MULTIKEY,
    {
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "toot": "http://joinmastodon.org/ns#",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "schema": "http://schema.org#",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "implements": {"@id": "https://w3id.org/fep/844e#implements", "@type": "@id"},
        "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
    },
]

OWN_ACTOR_CONTEXT: Json = [*ACTOR_CONTEXT, {"aid": AID}]

NOTE_CONTEXT: Json = [
    AS,
    {
        "Hashtag": "as:Hashtag",
        "sensitive": "as:sensitive",
        "gts": "https://gotosocial.org/ns#",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        "vf": VALUEFLOWS,
        "om2": UNITS,
        "Intent": "vf:Intent",
        "purpose": "vf:purpose",
        "publishes": "vf:publishes",
        "unitBased": "vf:unitBased",
        "action": "vf:action",
        "resourceConformsTo": {"@id": "vf:resourceConformsTo", "@type": "@id"},
        "resourceQuantity": "vf:resourceQuantity",
        "availableQuantity": "vf:availableQuantity",
        "minimumQuantity": "vf:minimumQuantity",
        "finished": "vf:finished",
        "hasUnit": "om2:hasUnit",
        "hasNumericalValue": "om2:hasNumericalValue",
        "aid": AID,
        "status": "aid:status",
        "urgency": "aid:urgency",
    },
]

AGREEMENT_CONTEXT: Json = [
    AS,
    {
        "vf": VALUEFLOWS,
        "om2": UNITS,
        "Agreement": "vf:Agreement",
        "Commitment": "vf:Commitment",
        "stipulates": "vf:stipulates",
        "satisfies": {"@id": "vf:satisfies", "@type": "@id"},
        "resourceQuantity": "vf:resourceQuantity",
        "hasUnit": "om2:hasUnit",
        "hasNumericalValue": "om2:hasNumericalValue",
    },
]

EVENT_CONTEXT: Json = [
    AS,
    {
        "vf": VALUEFLOWS,
        "om2": UNITS,
        "EconomicEvent": "vf:EconomicEvent",
        "fulfills": "vf:fulfills",
        "provider": "vf:provider",
        "receiver": "vf:receiver",
        "finished": "vf:finished",
        "action": "vf:action",
        "resourceQuantity": "vf:resourceQuantity",
        "hasUnit": "om2:hasUnit",
        "hasNumericalValue": "om2:hasNumericalValue",
    },
]
