/// An account and its secret, shown by neither.
package struct Login: Sendable, Hashable {
    package var account: String
    package var secret: String

    package init(account: String, secret: String) {
        self.account = account
        self.secret = secret
    }
}

extension Login: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "a login" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
