import Clocks
import Cryptography
import Deliveries
import Receipts
import Testing

@Suite("A signed receipt")
struct TamperTests {
    /// A receipt that passes, and what of it its signature is over.
    struct Sample: Sendable, CustomTestStringConvertible {
        var name: String
        var provider: String
        var secret: String
        var request: ReceiptRequest
        var now: Instant
        var header: String
        var coversURL: Bool
        var hasTime: Bool
        var testDescription: String { name }

        func read() throws -> Receipt? {
            try Desk.reader(provider, secret: secret).read(request, at: now)
        }

        func with(_ change: (inout Sample) throws -> Void) rethrows -> Sample {
            var changed = self
            try change(&changed)
            return changed
        }
    }

    static let samples: [Sample] = {
        let vectors: [(String, String, String, Bool, Bool)] = [
            ("twilio", "delivered", "X-Twilio-Signature", true, false),
            ("twilio", "HMAC_SHA256 with settings header", "X-Twilio-Signature", true, false),
            ("plivo", "delivered", "X-Plivo-Signature-V3", true, false),
            ("vonage", "delivered", "Authorization", false, true),
            ("messagebird", "delivered (GET)", "MessageBird-Signature-JWT", true, true),
            ("telnyx", "finalized", "telnyx-signature-ed25519", false, true),
            ("standard-webhooks", "valid (documented public vector)", "webhook-signature", false, true),
        ]
        var samples = vectors.compactMap { provider, name, header, coversURL, hasTime in
            (try? Vector.one(provider, name)).map { vector in
                Sample(
                    name: "\(provider): \(name)",
                    provider: provider,
                    secret: vector.secret,
                    request: vector.request,
                    now: vector.now,
                    header: header,
                    coversURL: coversURL,
                    hasTime: hasTime
                )
            }
        }
        samples.append(signedBody)
        samples.append(login)
        return samples
    }()

    private static let body = [UInt8](#"{"sid":"SM-a","status":"delivered"}"#.utf8)

    private static func sample(_ provider: String, _ secret: String, _ header: String, _ value: String) -> Sample {
        Sample(
            name: provider,
            provider: provider,
            secret: secret,
            request: ReceiptRequest(
                method: "POST",
                url: "https://hooks.example.com/v1/receipts/x",
                headers: [("Content-Type", "application/json"), (header, value)],
                body: body
            ),
            now: Desk.now,
            header: header,
            coversURL: false,
            hasTime: false
        )
    }

    private static let signedBody: Sample = {
        let key = SecretKey(copying: [UInt8]("secret".utf8).span)
        return sample("body", "secret", "X-Signature", "sha256=" + hmacSHA256(key: key, parts: [body]).hex)
    }()

    private static let login = sample(
        "basic",
        "pass:word",
        "Authorization",
        "Basic " + [UInt8]("gateway:pass:word".utf8).base64
    )

    /// Those whose signature is over what is sent; a login is over nothing, and trusted for all.
    static let signed = samples.filter { $0.provider != "basic" }

    @Test("of each kind passes", arguments: samples)
    func passes(sample: Sample) throws {
        #expect(TamperTests.samples.count == 9)
        _ = try sample.read()
    }

    @Test("whose body is changed anywhere is refused", arguments: signed)
    func body(sample: Sample) throws {
        // A GET has no body; what is told stands in its URL.
        guard sample.request.method == "POST" else { return }
        for place in stride(from: 0, to: sample.request.body.count, by: 7) {
            let changed = sample.with { $0.request.body[place] ^= 1 }
            #expect(throws: ReceiptRefusal.notAuthentic) { try changed.read() }
        }
        for changed in [sample.request.body + [0x20], Array(sample.request.body.dropLast()), []] {
            #expect(throws: ReceiptRefusal.notAuthentic) { try sample.with { $0.request.body = changed }.read() }
        }
    }

    @Test(
        "sent to another address is refused where the address is signed, and says so where it is not",
        arguments: signed
    )
    func address(sample: Sample) throws {
        let moved = sample.with { $0.request.url = $0.request.url.map { $0 + "x" } }
        guard !sample.coversURL else {
            #expect(throws: ReceiptRefusal.notAuthentic) { try moved.read() }
            #expect(throws: ReceiptRefusal.notAuthentic) { try sample.with { $0.request.url = nil }.read() }
            return
        }
        #expect(try moved.read()?.coversAddress != true)
    }

    @Test("whose signature is changed, cut, empty, missing or there twice is refused", arguments: samples)
    func signature(sample: Sample) throws {
        let index = try #require(sample.request.headers.firstIndex { $0.name == sample.header })
        let value = sample.request.headers[index].value
        var values = [String(value.dropLast()), String(value.dropLast(4)), "", " ", "x", value + "A"]
        for place in stride(from: 0, to: value.count, by: 5) {
            var letters = Array(value)
            letters[place] = letters[place] == "B" ? "C" : "B"
            values.append(String(letters))
        }
        for changed in values where changed.lowercased() != value.lowercased() {
            let forged = sample.with { $0.request.headers[index].value = changed }
            #expect(throws: ReceiptRefusal.notAuthentic, "\(changed)") { try forged.read() }
        }
        #expect(throws: ReceiptRefusal.notAuthentic) {
            try sample.with { $0.request.headers.remove(at: index) }.read()
        }
        for twin in [value, "x"] {
            #expect(throws: ReceiptRefusal.notAuthentic) {
                try sample.with { $0.request.headers.append((sample.header.lowercased(), twin)) }.read()
            }
        }
    }

    @Test("checked with another secret is refused", arguments: samples)
    func otherSecret(sample: Sample) throws {
        guard sample.provider != "telnyx" else {
            let other = Desk.lines["telnyx"]?.replacing("xlnf7WYDjWe", with: "xlnf7WYDjWf")
            let reader = try Desk.reader("telnyx", secret: "", other)
            #expect(throws: ReceiptRefusal.notAuthentic) { try reader.read(sample.request, at: sample.now) }
            return
        }
        let other = sample.provider == "standard-webhooks" ? "whsec_c2Vjb25kLXNlY3JldA==" : sample.secret + "x"
        #expect(throws: ReceiptRefusal.notAuthentic) { try sample.with { $0.secret = other }.read() }
        let none = ReceiptReader(try Desk.description(sample.provider), secret: nil)
        #expect(throws: ReceiptRefusal.notAuthentic) { try none.read(sample.request, at: sample.now) }
    }

    @Test(
        "is good for the tolerance before and after its time, and stale outside",
        arguments: samples.filter(\.hasTime)
    )
    func stale(sample: Sample) throws {
        // MessageBird's says itself when it ends, a minute later.
        let isShort = sample.provider == "messagebird"
        let (early, late): (Int64, Int64) = isShort ? (-301, 59) : (-300, 300)
        for seconds in [early, 0, late] {
            _ = try sample.with { $0.now = $0.now + .seconds(seconds) }.read()
        }
        for seconds in [early - 1, late + 1, -86_400, 86_400] {
            let old = sample.with { $0.now = $0.now + .seconds(seconds) }
            #expect(throws: ReceiptRefusal.stale, "\(seconds)") { try old.read() }
        }
    }

    @Test("has its tolerance from the settings")
    func tolerance() throws {
        let sample = try #require(TamperTests.samples.first { $0.provider == "vonage" })
        let lines = (Desk.lines["vonage"] ?? "") + "\ntolerance = \"10s\""
        let reader = try Desk.reader("vonage", secret: sample.secret, lines)
        _ = try reader.read(sample.request, at: sample.now + .seconds(10))
        #expect(throws: ReceiptRefusal.stale) { try reader.read(sample.request, at: sample.now + .seconds(11)) }
    }

    @Test(
        "with a time that is no number of seconds is refused",
        arguments: ["", "1614265330.5", "161426533O", "99999999999999", "-1", " 1614265330"]
    )
    func timestamps(text: String) throws {
        let sample = try #require(TamperTests.samples.first { $0.provider == "standard-webhooks" })
        let forged = sample.with { sample in
            sample.request.headers = sample.request.headers.map {
                ($0.name, $0.name == "webhook-timestamp" ? text : $0.value)
            }
        }
        #expect(throws: ReceiptRefusal.notAuthentic) { try forged.read() }
    }
}
