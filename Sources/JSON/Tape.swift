private import CJSON

/// What the parser saw in one document, until a value is built from it.
///
/// The tape owns the parser's memory and frees it when it goes away.
@safe struct Tape: ~Copyable {
    private let tape: CJSONTape
    private let depth: Int

    init(reading bytes: [UInt8], depth: Int) {
        self.depth = depth
        unsafe tape = unsafe bytes.withUnsafeBufferPointer { unsafe cjson_parse($0.baseAddress, $0.count, depth) }
    }

    deinit { unsafe cjson_free(tape) }

    func value() throws(JSONError) -> JSONValue {
        let offset = unsafe Int(clamping: tape.offset)
        switch unsafe tape.status {
        case CJSON_DONE:
            var next = 0
            return try value(at: &next)
        case CJSON_INVALID_UTF8:
            throw .invalidUTF8(offset: offset)
        case CJSON_TOO_DEEP:
            throw unsafe .tooDeep(limit: depth, offset: offset, pointer: pointer(behind: tape.recordCount))
        case CJSON_NO_MEMORY:
            fatalError("out of memory while reading JSON")
        default:
            throw .malformed(offset: offset, reason: reason)
        }
    }

    private var reason: String {
        unsafe withUnsafeBytes(of: tape.reason) { unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private func value(at next: inout Int) throws(JSONError) -> JSONValue {
        let record = record(next)
        next += 1
        switch record.kind {
        case CJSON_NULL: return .null
        case CJSON_FALSE: return .bool(false)
        case CJSON_TRUE: return .bool(true)
        case CJSON_INTEGER: return .integer(record.integer)
        case CJSON_NUMBER: return .number(record.number)
        case CJSON_STRING: return .string(text(of: record))
        case CJSON_ARRAY: return .array(try elements(Int(record.count), at: &next))
        case CJSON_OBJECT: return .object(try object(Int(record.count), at: &next))
        default: preconditionFailure("a name stands where a value belongs")
        }
    }

    private func elements(_ count: Int, at next: inout Int) throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        elements.reserveCapacity(count)
        for _ in 0..<count {
            elements.append(try value(at: &next))
        }
        return elements
    }

    private func object(_ count: Int, at next: inout Int) throws(JSONError) -> JSONObject {
        var members: [(name: String, value: JSONValue)] = []
        members.reserveCapacity(count)
        // Comparing each name with all others is the fastest for the usual few; a set bounds the time for the rest.
        var names: Set<String>? = count > 16 ? [] : nil
        for _ in 0..<count {
            let key = next
            let name = text(of: record(key))
            let isNew = names?.insert(name).inserted ?? !members.contains { $0.name == name }
            guard isNew else {
                throw unsafe .duplicateKey(pointer: pointer(behind: key + 1), offset: Int(record(key).text.source))
            }
            next += 1
            members.append((name, try value(at: &next)))
        }
        return JSONObject(distinct: members)
    }

    private func record(_ index: Int) -> CJSONRecord {
        precondition(unsafe index < tape.recordCount, "the tape ends within a container")
        return unsafe tape.records[index]
    }

    private func text(of record: CJSONRecord) -> String {
        let start = unsafe tape.text + Int(record.text.start)
        return unsafe start.withMemoryRebound(to: UInt8.self, capacity: Int(record.count)) { bytes in
            unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: Int(record.count)), as: UTF8.self)
        }
    }

    /// The pointer to the value that follows the given number of records: a member whose name was read, or an element.
    private func pointer(behind count: Int) -> JSONPointer {
        var open: [OpenContainer] = []
        for index in 0..<count {
            let record = record(index)
            if record.kind == CJSON_KEY {
                open[open.count - 1].name = text(of: record)
                continue
            }
            if !open.isEmpty { open[open.count - 1].begun += 1 }
            if record.kind == CJSON_ARRAY || record.kind == CJSON_OBJECT {
                open.append(OpenContainer(isArray: record.kind == CJSON_ARRAY, members: Int(record.count)))
            }
            while let last = open.last, last.begun == last.members { open.removeLast() }
        }
        return JSONPointer(
            open.enumerated().map { level, container in
                guard container.isArray else { return container.name }
                // Only the innermost container has yet to begin the value that the pointer is for.
                return String(level == open.count - 1 ? container.begun : container.begun - 1)
            }
        )
    }
}

/// A container on the way to the place where reading stopped.
private struct OpenContainer {
    let isArray: Bool
    let members: Int
    var begun = 0
    var name = ""
}
