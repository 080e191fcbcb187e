"""Of every file among the vectors it is known which test uses it, or why none does."""

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PROOFS: Final = "tests/unit/federation/test_proof_examples.py"
MESSAGES: Final = "tests/unit/federation/test_rfc9421_examples.py"
CAVAGE: Final = "tests/unit/federation/test_cavage.py"
RECORDED: Final = "tests/unit/federation/test_recorded_requests.py"
DOCUMENTS: Final = "tests/unit/schemas/test_vectors.py"

USED: Final[dict[str, tuple[str, ...]]] = {
    "rfc9421/rfc9421.json": (
        f"{MESSAGES}::test_what_is_signed_in_the_examples_of_the_rfc",
        f"{MESSAGES}::test_the_other_examples_are_refused",
        f"{MESSAGES}::test_none_of_the_examples_would_be_believed_here",
    ),
    "rfc9421/keys/test-key-ed25519.pem": (f"{MESSAGES}::test_what_is_signed_in_the_examples_of_the_rfc",),
    "rfc9421/keys/test-key-rsa.pem": (f"{MESSAGES}::test_what_is_signed_in_the_examples_of_the_rfc",),
    "rfc9421/keys/test-key-rsa-pss.pem": (f"{MESSAGES}::test_the_other_algorithms_of_the_rfc_prove_nothing",),
    "rfc9421/keys/test-key-ecc-p256.pem": (f"{MESSAGES}::test_the_other_algorithms_of_the_rfc_prove_nothing",),
    "cavage-appendix-c.json": (f"{CAVAGE}::test_the_signatures_of_the_draft_verify",),
    "rfc8785/*/*": (f"{PROOFS}::test_the_canonical_forms_of_rfc_8785",),
    "fep/fep-8b32.json": (
        f"{PROOFS}::test_the_examples_of_the_fep",
        f"{PROOFS}::test_we_make_the_example_of_the_fep",
    ),
    "fep/fep-8b32-2025.json": (f"{PROOFS}::test_the_examples_of_the_fep",),
    "fep/fep-8b32.feature": (f"{PROOFS}::test_the_scenarios_of_fep_8b32",),
    "fep/fep-8b32-example-?.json": (f"{PROOFS}::test_the_sketches_of_fep_8b32",),
    "fep/fep-521a.feature": (f"{PROOFS}::test_the_keys_of_fep_521a",),
    "fep/fep-521a-example-1.json": (f"{PROOFS}::test_the_actor_of_fep_521a",),
    "fep-0837/fep-0837-example-?.json": (f"{DOCUMENTS}::test_fep_0837_examples_are_read",),
    "fep-0837/fep-0837.jsonld": (f"{DOCUMENTS}::test_our_terms_are_those_of_fep_0837",),
    "fep-0837/fedify-2.3.6-proposal.json": (f"{DOCUMENTS}::test_fedify_writes_a_proposal",),
    "fep-0837/fedify-2.3.6-offer-agreement.json": (f"{DOCUMENTS}::test_fedify_writes_whole_addresses_for_keys",),
    "vc-di-eddsa/eddsa-jcs-2022/*": (f"{PROOFS}::test_the_example_of_the_w3c",),
    "vc-di-eddsa/unsigned.json": (f"{PROOFS}::test_the_example_of_the_w3c",),
    "vc-di-eddsa/keyPair.json": (f"{PROOFS}::test_the_example_of_the_w3c",),
    "vc-di-eddsa/*/signed*.json": (f"{PROOFS}::test_the_other_suites_of_the_w3c_are_passed_over",),
    "vc-di-eddsa/proof-set-chain/*TempDoc*.json": (f"{PROOFS}::test_the_other_suites_of_the_w3c_are_passed_over",),
    "vc-di-eddsa/proof-set-chain/multiKeyPairs.json": (f"{PROOFS}::test_the_other_suites_of_the_w3c_are_passed_over",),
    "as2-corpus/*.json": (f"{DOCUMENTS}::test_the_activitystreams_corpus_is_read_or_refused",),
    "as2-corpus/fail/*.json": (
        f"{DOCUMENTS}::test_what_must_fail_is_refused_or_tolerated_with_a_reason",
        f"{DOCUMENTS}::test_what_must_fail_is_refused_for_that_alone",
    ),
    "contexts/activitystreams.jsonld": (f"{DOCUMENTS}::test_every_term_that_we_send_is_defined",),
    "peers/*-*.json": (
        f"{DOCUMENTS}::test_every_recorded_message_of_a_peer_is_read",
        f"{RECORDED}::test_every_signature_of_another_server_is_understood",
        f"{RECORDED}::test_the_first_knock_of_fedify_is_rfc_9421",
        f"{RECORDED}::test_every_message_says_that_it_is_activitystreams_but_two",
    ),
    "peers/fedify-Proposal-example.json": (f"{DOCUMENTS}::test_a_stored_proposal_of_fedify_is_read_as_a_note",),
}
_STEPS: Final = "a step of a suite that canonicalises RDF, which no proof between servers here uses"
NOT_USED: Final = {
    "README.md": "says where the others come from",
    "as2-corpus/README.md": "says where the others come from",
    "as2-corpus/LICENSE.md": "their licence",
    "vc-di-eddsa/Ed25519Signature2020/*": _STEPS,
    "vc-di-eddsa/eddsa-rdfc-2022/*": _STEPS,
    "vc-di-eddsa/employmentAuth.json": _STEPS,
    "vc-di-eddsa/proof-set-chain/*.json": _STEPS,
}


def files_in(vectors: Path) -> list[str]:
    return sorted(file.relative_to(vectors).as_posix() for file in vectors.rglob("[!.]*") if file.is_file())


# C-149
def test_every_file_has_its_test_or_its_reason(vectors: Path) -> None:
    patterns = USED.keys() | NOT_USED.keys()
    assert [file for file in files_in(vectors) if not any(fnmatchcase(file, one) for one in patterns)] == []


def test_nothing_is_named_that_is_not_there(vectors: Path) -> None:
    files = files_in(vectors)
    assert [one for one in USED if not any(fnmatchcase(file, one) for file in files)] == []


def test_every_test_that_is_named_is_there() -> None:
    named = {one for tests in USED.values() for one in tests}
    assert [one for one in sorted(named) if not is_there(one)] == []


def is_there(named: str) -> bool:
    file, _, test = named.partition("::")
    return re.search(rf"^(async )?def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE) is not None
