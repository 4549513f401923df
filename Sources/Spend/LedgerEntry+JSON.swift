private import AuthEvents
private import Clocks
private import Cryptography
package import JSON

extension LedgerEntry {
    /// The entry as it is read and exported, the amount as a decimal number in a string.
    package var json: JSONValue {
        var object = members
        object["hash"] = .string(hash)
        return .object(object)
    }

    /// All members but the hash, in the order of the contract.
    var members: JSONObject {
        [
            "writer": .string(writer), "sequence": .integer(sequence), "at": .string(at.shortest),
            "kind": .string(kind.rawValue), "delivery": .string(delivery.description), "attempt": .of(attempt),
            "gateway": .of(gateway), "tenant": .string(tenant.description), "purpose": .string(purpose.name),
            "country": .of(country), "segments": .integer(segments), "amount": .string(amount.amount),
            "currency": .string(amount.currency.description), "price_version": .of(priceVersion),
            "previous": .string(previous),
        ]
    }

    /// All members but the hash, in the order of RFC 8785: as ``members``, sorted.
    private var sortedMembers: JSONObject {
        JSONObject(distinct: [
            ("amount", .string(amount.amount)), ("at", .string(at.shortest)), ("attempt", .of(attempt)),
            ("country", .of(country)), ("currency", .string(amount.currency.description)),
            ("delivery", .string(delivery.description)), ("gateway", .of(gateway)), ("kind", .string(kind.rawValue)),
            ("previous", .string(previous)), ("price_version", .of(priceVersion)), ("purpose", .string(purpose.name)),
            ("segments", .integer(segments)), ("sequence", .integer(sequence)),
            ("tenant", .string(tenant.description)), ("writer", .string(writer)),
        ])
    }

    /// What ``hash(of:)`` says of the members.
    var computedHash: String { sha256(sortedMembers.serialized()).hex }

    /// SHA-256, in lower-case hexadecimal digits, of the members as RFC 8785 writes them, `hash` left out.
    ///
    /// The members are strings, null and integers of at most ``greatestNumber``; for these, sorting by UTF-16 and writing
    /// without blanks is all that RFC 8785 asks for. A fraction, which no entry has, gets the hash of its shortest digits.
    package static func hash(of members: JSONObject) -> String {
        var members = members
        members["hash"] = nil
        return sha256(JSONValue.object(members).canonical.serialized()).hex
    }

    /// Reads exactly what ``json`` writes; whether the hash is right is asked of ``isIntact``.
    package init(_ json: JSONValue) throws(LedgerEntryProblem) {
        guard case .object(let object) = json else { throw LedgerEntryProblem(member: nil, asks: "an object") }
        let reader = EntryReader(object: object)
        let amount = try reader.text("amount", "a decimal number as the ledger writes it") { text in
            Money.micros(text).flatMap { Money.text(micros: $0) == text ? $0 : nil }
        }
        let currency = try reader.text("currency", "three capital letters", Currency.init)
        self.init(
            writer: try reader.text("writer", EntryReader.name, EntryReader.nameOf),
            sequence: try reader.number("sequence", from: 1),
            at: try reader.text("at", "a time in UTC as the ledger writes it") { text in
                Instant(rfc3339: text).flatMap { $0.shortest == text ? $0 : nil }
            },
            kind: try reader.text("kind", "one of the five kinds", LedgerKind.init(rawValue:)),
            delivery: try reader.text("delivery", "the id of a delivery") { DeliveryID($0) },
            attempt: try reader.unlessNull("attempt") { name throws(LedgerEntryProblem) in
                try reader.number(name, from: 1)
            },
            gateway: try reader.unlessNull("gateway") { name throws(LedgerEntryProblem) in
                try reader.text(name, EntryReader.name, EntryReader.nameOf)
            },
            tenant: try reader.text("tenant", "the name of a tenant", TenantName.init),
            purpose: try reader.text("purpose", "the name of a purpose", Purpose.init(name:)),
            country: try reader.unlessNull("country") { name throws(LedgerEntryProblem) in
                try reader.text(name, "two capital letters or three digits", EntryReader.countryOf)
            },
            segments: try reader.number("segments", from: 0),
            amount: Money(micros: amount, currency: currency),
            priceVersion: try reader.unlessNull("price_version") { name throws(LedgerEntryProblem) in
                try reader.text(name, EntryReader.name, EntryReader.nameOf)
            },
            previous: try reader.text("previous", "64 hexadecimal digits", EntryReader.hashOf),
            hash: try reader.text("hash", "64 hexadecimal digits", EntryReader.hashOf)
        )
        let known = Set(self.members.members.map(\.name) + ["hash"])
        if let other = object.members.first(where: { !known.contains($0.name) }) {
            throw LedgerEntryProblem(member: other.name, asks: "left out")
        }
    }
}

/// Why something is not a ledger entry.
package struct LedgerEntryProblem: Error, Equatable, CustomStringConvertible {
    /// The member it is about; `nil` for the whole.
    package var member: String?
    /// What it would have to be.
    package var asks: String

    package var description: String {
        "This is no ledger entry: \(member.map { "`\($0)`" } ?? "it") must be \(asks). Export the ledger again."
    }
}

private struct EntryReader {
    let object: JSONObject

    static let name = "1 to 200 characters of ASCII without control characters"

    func text<Value>(_ name: String, _ asks: String, _ read: (String) -> Value?) throws(LedgerEntryProblem) -> Value {
        guard let value = object[name]?.string.flatMap(read) else { throw LedgerEntryProblem(member: name, asks: asks) }
        return value
    }

    func number(_ name: String, from least: Int64) throws(LedgerEntryProblem) -> Int64 {
        guard let value = object[name]?.int, (least...LedgerEntry.greatestNumber).contains(value) else {
            throw LedgerEntryProblem(member: name, asks: "an integer from \(least) to 2^53 - 1")
        }
        return value
    }

    /// A member that has nothing to say is null and still there.
    func unlessNull<Value>(
        _ name: String,
        _ read: (String) throws(LedgerEntryProblem) -> Value
    ) throws(LedgerEntryProblem) -> Value? {
        if let value = object[name], value.isNull { return nil }
        return try read(name)
    }

    static func nameOf(_ text: String) -> String? {
        (1...200).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7e).contains($0) } ? text : nil
    }

    static func countryOf(_ text: String) -> String? {
        let isRegion = text.utf8.count == 2 && text.utf8.allSatisfy { (0x41...0x5a).contains($0) }
        let isNumber = text.utf8.count == 3 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isRegion || isNumber ? text : nil
    }

    static func hashOf(_ text: String) -> String? { LedgerEntry.isHash(text) ? text : nil }
}

extension LedgerEntry {
    /// Whether the text is what ``hash(of:)`` gives: 64 digits, lower case.
    static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

extension JSONValue {
    fileprivate static func of(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    fileprivate static func of(_ number: Int64?) -> JSONValue { number.map { .integer($0) } ?? .null }
}
