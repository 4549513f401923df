import Processes

/// A key and a certificate that signs itself, made by the `openssl` command.
enum Certificate {
    /// Makes `PATH.pem` and `PATH.key`.
    ///
    /// `subject`: As in a certificate's alternative names, such as `IP:127.0.0.1` or `DNS:mail.example.test`.
    ///
    /// `path`: Without the ending.
    static func make(subject: String, at path: String) async throws {
        // It tells on its standard error how it gets on.
        let openssl = await Child.start(
            "/bin/sh",
            [
                "-c", "exec openssl \"$@\" 2>/dev/null", "sh", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=peer",
                "-addext", "subjectAltName=\(subject)", "-keyout", "\(path).key", "-out", "\(path).pem",
            ]
        )
        guard await openssl?.exitCode() == 0 else {
            throw Disappointment(description: "There is no certificate: `openssl req` failed.")
        }
    }
}
