import Cryptography
import Receipts

extension ReceiptAuthentication {
    private static let names = ["twilio", "plivo", "hmac-sha256", "jwt-hs256", "ed25519", "basic"]

    /// Only the keys of the one that is named are read, so that another's are refused as unknown.
    init(_ layers: DescriptionLayers, gatewayAccount: String?) throws(SettingsError) {
        let list = ReceiptAuthentication.names.joined(separator: ", ")
        switch try layers.required("authentication", "how receipts are signed: \(list)") {
        case "twilio": self = .twilio
        case "plivo": self = .plivo
        case "hmac-sha256": self = .hmac(try SignedHeader(layers, encoding: .hex))
        case "ed25519":
            let header = try SignedHeader(layers, encoding: .base64)
            let text = try layers.required("public_key", "the gateway's key, 32 bytes in base64 or hexadecimal")
            // Hexadecimal digits are base64 too, of more bytes.
            let readings = [[UInt8](hex: text), [UInt8](base64: text)].compactMap(\.self)
            guard let key = readings.lazy.compactMap(Ed25519PublicKey.init).first else {
                throw layers.own.error("public_key", "must be 32 bytes in base64 or hexadecimal")
            }
            self = .ed25519(header, key)
        case "jwt-hs256":
            let header = try layers.string("header") ?? "Authorization"
            let signsURL = try layers.boolean("signs_url") ?? false
            self = .webToken(WebTokenTerms(header: header, issuer: try layers.string("issuer"), signsURL: signsURL))
        case "basic":
            guard let user = try layers.string("user") ?? gatewayAccount, !user.contains(":") else {
                throw layers.own.error("user", "is required, without a colon: who logs in to bring receipts")
            }
            self = .basic(user: user)
        default: throw layers.own.error("authentication", "must be one of \(list)")
        }
    }
}

extension SignedHeader {
    fileprivate init(_ layers: DescriptionLayers, encoding standard: Encoding) throws(SettingsError) {
        let name = try layers.required("header", "the field with the signature")
        let (time, id) = (try layers.string("timestamp_header"), try layers.string("id_header"))
        var encoding = standard
        if let text = try layers.string("encoding") {
            guard let known = Encoding(rawValue: text) else {
                throw layers.own.error("encoding", "must be hex or base64")
            }
            encoding = known
        }
        let usual = (id == nil ? "" : "{{id}}.") + (time == nil ? "" : "{{timestamp}}.") + "{{body}}"
        guard let signed = SignedText(try layers.string("signed") ?? usual) else {
            throw layers.own.error(
                "signed",
                "must hold {{body}} or {{url}}, and beside them {{timestamp}}, {{id}} and text"
            )
        }
        // A time that is not signed could be any, and a signed one that is not there is none.
        for (key, given, part) in [
            ("timestamp_header", time, SignedText.Part.timestamp), ("id_header", id, SignedText.Part.id),
        ] where (given != nil) != signed.parts.contains(part) {
            throw layers.own.error(key, "belongs together with its place in signed: {{timestamp}}, {{id}}")
        }
        self.init(
            name: name,
            timestampName: time,
            idName: id,
            encoding: encoding,
            prefix: try layers.string("prefix") ?? "",
            signed: signed
        )
    }
}
