/// A computation without its large matrix products, which make the kernels for their shapes and leave their results as they are: its
/// values are of no use, but what it needs is there when it comes in earnest. Small products are done: OpenBLAS takes memory at its first.
public enum Rehearsal {
    @TaskLocal static var isOn = false

    /// Runs `body` as a rehearsal.
    public static func of(_ body: () -> Void) { $isOn.withValue(true) { body() } }
}
