extension SettingsTable {
    /// How receipts are read; a preset has its own defaults.
    static let receipts = SettingsTable(
        "receipts",
        of: "gateways[].receipts",
        isNarrow: true,
        [
            .key(
                "like",
                default: "the gateway's kind",
                means: "takes the keys of a preset below; keys of your own count instead"
            ),
            .key("authentication", default: "required", means: "how receipts are signed; see below"),
            .key("tolerance", means: "how far a signature's time may lie from now, in either direction"),
            .key("state", default: "required", means: "where the state stands"),
            .key("delivered", default: "required", means: "words for a message that arrived, in capitals or not"),
            .key("undelivered", default: "none", means: "words for one that never will"),
            .key("accepted", default: "none", means: "words for one that is on its way"),
            .key(
                "reference",
                default: "required, or `attempt`, unless the URL is signed",
                means: "the gateway's name for the message, as its answer told it"
            ),
            .key(
                "attempt",
                default: "none",
                means: "our name for the attempt (`reference` of the request), where the gateway repeats it"
            ),
            .key("code", default: "none", means: "the gateway's code of what went wrong"),
            .key(
                "price",
                "currency",
                default: "none",
                means: "what is billed, as in the answer to a send; both or neither. A later bill takes the place of "
                    + "an earlier one"
            ),
            .key("per_segment", default: "`false`", means: "the price is that of one segment"),
            .key(
                "account",
                "account_is",
                default: "none; the gateway's `account`",
                means: "where the account stands, and what it must be; another one is refused"
            ),
        ]
    )

    /// What each way to sign receipts takes besides; one that does not take a key refuses it.
    static let signatures = SettingsTable(
        "signatures",
        of: "gateways[].receipts",
        isNarrow: true,
        [
            .key(
                "header",
                default: "required, of `jwt-hs256` `Authorization`",
                means: "the field with the signature, or with the token"
            ),
            .key(
                "timestamp_header",
                "id_header",
                default: "none",
                means: "the fields with the time and the id that are signed too"
            ),
            .key(
                "encoding",
                default: "`hmac-sha256` `hex`, `ed25519` `base64`",
                means: "how the signature is written: `hex` or `base64`"
            ),
            .key("prefix", default: "none", means: "what stands before the signature, such as `sha256=`"),
            .key(
                "signed",
                default: "`{{body}}` behind the id and the timestamp that have a field, with dots between",
                means: "what the signature is over"
            ),
            .key(
                "public_key",
                default: "required for `ed25519`",
                means: "the gateway's key, 32 bytes in base64 or hexadecimal"
            ),
            .key("issuer", default: "none", means: "what `iss` of the token must be"),
            .key("signs_url", default: "`false`", means: "`url_hash` must be in the token"),
            .key("user", default: "the gateway's `account`", means: "who logs in to bring receipts"),
        ]
    )
}
