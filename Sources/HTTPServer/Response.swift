/// One HTTP answer.
///
/// `Date`, `Content-Length` and `Connection` are made by the server and must not stand in ``headers``. A body for `HEAD`
/// is measured and not sent; statuses 204 and 304 have none.
package struct Response: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Takes the place of ``body``.
    package var file: ResponseFile?
    /// Told exactly once how the answer ended.
    ///
    /// True when the whole answer was handed to the kernel, which does not mean that the peer read it. False when the
    /// connection ended before: the peer had closed, a deadline passed, the listener stopped. Called on the thread that
    /// serves all connections: it must return at once.
    package var onWritten: (@Sendable (Bool) -> Void)?

    package init(
        status: Int,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        onWritten: (@Sendable (Bool) -> Void)? = nil
    ) {
        precondition((200...599).contains(status), "a final status has three digits from 200 to 599")
        self.status = status
        self.headers = headers
        self.body = body
        self.onWritten = onWritten
    }
}
