/// A value of a TOML 1.0 document and where it stands, lines and columns counted from 1.
package struct TOMLNode: Sendable, Equatable {
    package var value: TOMLValue
    package var line: Int
    package var column: Int

    package init(value: TOMLValue, line: Int, column: Int) {
        (self.value, self.line, self.column) = (value, line, column)
    }
}

package indirect enum TOMLValue: Sendable, Equatable {
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    /// Dates and times of any kind, as the library writes them.
    case dateTime(String)
    case array([TOMLNode])
    case table(TOMLTable)
}

/// The members of a table in the order of the file.
package struct TOMLTable: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var key: String
        /// Where the key stands.
        package var line: Int
        package var column: Int
        package var node: TOMLNode
    }

    package private(set) var members: [Member]

    package subscript(key: String) -> TOMLNode? {
        members.first { $0.key == key }?.node
    }
}

/// Where a text stops being TOML, line and column counted from 1.
///
/// The reason is the library's, without what it quotes from the text: that may be a secret.
package struct TOMLError: Error, Equatable, CustomStringConvertible {
    package var line: Int
    package var column: Int
    package var reason: String

    package var description: String { "\(line):\(column): \(reason)" }
}
