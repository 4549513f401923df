import JSON

/// What a receipt tells, as JSON or as fields; only read once it is known whose it is.
enum ReceiptContent {
    case json(JSONValue)
    case form(FormFields)

    init(_ request: ReceiptRequest) throws(ReceiptRefusal) {
        if request.tellsByQuery {
            guard let fields = FormFields(request.query.utf8) else { throw .unreadable }
            self = .form(fields)
        } else if request.isForm {
            guard let fields = FormFields(request.body) else { throw .unreadable }
            self = .form(fields)
        } else {
            do {
                self = .json(try JSONValue(parsing: request.body))
            } catch {
                throw .unreadable
            }
        }
    }

    /// A single value; `nil` where there is none, or nothing in it.
    func value(_ field: ReceiptField) throws(ReceiptRefusal) -> JSONValue? {
        switch self {
        case .json(let json):
            let value = json[JSONPointer(field.tokens)]
            return value == .null || value == .string("") ? nil : value
        case .form(let fields):
            guard field.tokens.count == 1, let text = try fields.single(field.tokens[0]), !text.isEmpty else {
                return nil
            }
            return .string(text)
        }
    }

    /// The value as it reads; `nil` for arrays and objects too.
    func text(_ field: ReceiptField?) throws(ReceiptRefusal) -> String? {
        switch try field.flatMap({ (field) throws(ReceiptRefusal) in try value(field) }) {
        case .string(let text): text
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .bool(let flag): String(flag)
        case .null, .array, .object, nil: nil
        }
    }
}
