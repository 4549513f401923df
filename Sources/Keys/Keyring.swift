package import AuthEvents
package import Challenges
private import Cryptography
package import Store

/// Why something sealed or derived is out of reach.
package enum KeyringError: Error, Equatable, CustomStringConvertible {
    /// The keys it was made with are no longer in the file.
    case unknownKey(id: String)
    case notOpened

    package var description: String {
        switch self {
        case .unknownKey(let id):
            "The key \(id) is not in the key file. Put back the file that belongs to the database."
        case .notOpened: "Sealed data could not be opened: they were changed, or another key has the same id."
        }
    }
}

/// All keys of an installation, each kind for one use.
package struct Keyring: Sendable {
    private let codes: [String: SecretKey]
    private let seals: [String: Sealer]
    private let lookup: SecretKey
    /// The one in use and those before it: what was written under them is found under them only.
    private let lookups: [SecretKey]
    private let sealInUse: String
    let limitNames = LimitNames()
    /// All keys of the file, in its order; nothing of the keys themselves.
    package let list: [KeyFacts]
    /// The id of the code key that new challenges take.
    package let codeKeyInUse: String

    package init(path: String) throws(KeyFileError) {
        let file = try KeyFile(path: path)
        func entries(_ kind: KeyFile.Kind) -> [KeyFile.Entry] { file.entries.filter { $0.kind == kind } }
        guard let code = entries(.code).last, let seal = entries(.seal).last, let lookup = entries(.lookup).last else {
            throw .missing(path: path, kind: "code")
        }
        codes = Dictionary(uniqueKeysWithValues: entries(.code).map { ($0.id, $0.key) })
        seals = Dictionary(uniqueKeysWithValues: entries(.seal).map { ($0.id, Sealer(key: $0.key)) })
        self.lookup = lookup.key
        lookups = entries(.lookup).map(\.key)
        sealInUse = seal.id
        codeKeyInUse = code.id
        list = file.entries.map { entry in
            KeyFacts(id: entry.id, purpose: entry.kind.rawValue, isInUse: entries(entry.kind).last?.id == entry.id)
        }
    }

    /// Seals an event's contents; they can be opened as those of this event only.
    package func seal(_ contents: [UInt8], of event: EventID) throws(KeyringError) -> SealedBytes {
        guard let sealer = seals[sealInUse] else { throw .unknownKey(id: sealInUse) }
        return SealedBytes(key: sealInUse, bytes: sealer.seal(contents, associatedData: place(of: event)))
    }

    /// Seals what the application brought and is erased with the event's deliveries.
    package func sealBrought(_ text: [UInt8], of event: EventID) throws(KeyringError) -> [UInt8] {
        guard let sealer = seals[sealInUse] else { throw .unknownKey(id: sealInUse) }
        return sealer.seal(text, associatedData: place(of: event, "brought"))
    }

    /// `brought`: Sealed with the same key, unless it was erased or there was none.
    package func open(
        _ sealed: SealedBytes,
        brought: [UInt8]? = nil,
        of event: EventID
    ) throws(KeyringError) -> EventContents {
        guard let sealer = seals[sealed.key] else { throw .unknownKey(id: sealed.key) }
        do {
            let text = try sealer.open(sealed.bytes, associatedData: place(of: event))
            let erasable = try brought.map { try sealer.open($0, associatedData: place(of: event, "brought")) }
            return try EventContents(text: text, erasable: erasable)
        } catch {
            throw .notOpened
        }
    }

    package func code(_ origin: CodeOrigin, digits: Int, key: String) throws(KeyringError) -> Code {
        guard let secret = codes[key] else { throw .unknownKey(id: key) }
        return origin.code(digits: digits, key: secret)
    }

    /// Stands for something in the store: the same for the same parts of the same kind, and unreadable.
    package func digest(_ kind: String, _ parts: [UInt8]...) -> Digest {
        digest(kind, parts)
    }

    /// Tells this file's keys from others: what was written under it is found again under no other.
    package var fingerprint: Digest { digest("keyring", []) }

    /// Seals the address of a suppression; it can be opened as that of this person only.
    package func seal(_ address: String, ofSuppressed person: Digest) throws(KeyringError) -> SealedBytes {
        guard let sealer = seals[sealInUse] else { throw .unknownKey(id: sealInUse) }
        let sealed = sealer.seal([UInt8](address.utf8), associatedData: place(ofSuppressed: person))
        return SealedBytes(key: sealInUse, bytes: sealed)
    }

    package func open(_ sealed: SealedBytes, ofSuppressed person: Digest) throws(KeyringError) -> String {
        guard let sealer = seals[sealed.key] else { throw .unknownKey(id: sealed.key) }
        guard let text = try? sealer.open(sealed.bytes, associatedData: place(ofSuppressed: person)) else {
            throw .notOpened
        }
        return String(decoding: text, as: UTF8.self)
    }

    package func person(_ address: String, of tenant: TenantName) -> Digest {
        digest("person", [[UInt8](tenant.description.utf8), [UInt8](address.utf8)])
    }

    /// The same under every key that the file has for it, for what may have been written long ago.
    func everyDigest(_ kind: String, _ parts: [[UInt8]]) -> [Digest] {
        lookups.map { digest(kind, parts, $0) }
    }

    private func digest(_ kind: String, _ parts: [[UInt8]]) -> Digest { digest(kind, parts, lookup) }

    private func digest(_ kind: String, _ parts: [[UInt8]], _ key: SecretKey) -> Digest {
        Digest(bytes: Array(hmacSHA256(key: key, framed: [[UInt8](kind.utf8)] + parts).prefix(16)))
    }

    /// Table, row and column.
    private func place(of event: EventID, _ column: String = "sealed") -> [UInt8] {
        [UInt8]("event/\(event)/\(column)".utf8)
    }

    private func place(ofSuppressed person: Digest) -> [UInt8] {
        [UInt8]("suppression/sealed/".utf8) + person.bytes
    }
}
