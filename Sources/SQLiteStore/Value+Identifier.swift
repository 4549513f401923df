import AuthEvents
import SQLite

extension Value {
    static func id(_ id: Identifier<some Named>) -> Value { .id(id.high, id.low) }
}
