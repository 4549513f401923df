import CMicroHTTPD

/// A connection whose network data the library leaves alone until ``resume()``.
///
/// It passes between threads because the manual says of MHD_resume_connection: "It is safe to resume a suspended
/// connection at any time." Who holds one calls ``resume()`` exactly once: after that the library may free it.
@safe struct SuspendedConnection: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// Suspends a connection; only inside the library's access callback for it.
    init(suspending pointer: OpaquePointer) {
        unsafe self.pointer = pointer
        unsafe MHD_suspend_connection(pointer)
    }

    func resume() {
        unsafe MHD_resume_connection(pointer)
    }
}
