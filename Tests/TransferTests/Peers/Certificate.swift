import Processes

/// A key and a certificate that signs itself, made by the `openssl` command.
struct Certificate {
    struct Failure: Error {}

    let folder: TemporaryFolder
    let name: String

    var certificate: String { folder.file("\(name).pem") }
    var key: String { folder.file("\(name).key") }

    /// Makes the two files.
    ///
    /// - Parameter subject: as in a certificate's alternative names, such as `IP:127.0.0.1` or `DNS:mail.example`.
    /// - Throws: ``Failure`` when the command failed.
    init(subject: String = "IP:127.0.0.1") async throws {
        folder = try TemporaryFolder()
        name = "peer"
        let words = [
            "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2",
            "-subj", "/CN=peer", "-addext", "subjectAltName=\(subject)", "-keyout", key, "-out", certificate,
        ]
        let child = await Child.start("/bin/sh", ["-c", "exec \"$@\" 2>/dev/null", "sh"] + words)
        guard await child?.exitCode() == 0 else { throw Failure() }
    }
}
