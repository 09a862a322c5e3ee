import CKernels
import Foundation
import Synchronization

/// Zero-filled, 64-byte aligned storage for float32 values: the one kind of memory that kernels work on.
///
/// A buffer belongs to one thread at a time. Every allocation is counted, so that a test can show that a loop
/// allocates nothing.
public final class Buffer {
    /// Number of floats.
    public let count: Int
    let pointer: UnsafeMutablePointer<Float>

    private static let counter = Atomic<Int>(0)
    /// Number of buffers allocated since the process started.
    public static var allocations: Int { counter.load(ordering: .relaxed) }

    private static let live = Atomic<Int>(0)
    /// Bytes of the values of all buffers that are there now.
    public static var liveBytes: Int { live.load(ordering: .relaxed) }

    /// The exit code of a process that gets no memory (`EX_OSERR`).
    public static let outOfMemoryStatus: Int32 = 71

    /// Allocates `count` zeros. A process that gets no memory for them ends with a message and ``outOfMemoryStatus``: there is nothing that
    /// a caller could do with a part of a model, and a checkpoint of what was done before is on the disk.
    public init(count: Int) {
        precondition(count >= 0, "a buffer cannot have \(count) values")
        guard let memory = ck_allocate(count) else { Self.endForWantOfMemory(bytes: 4 * count) }
        self.count = count
        pointer = memory
        Self.counter.add(1, ordering: .relaxed)
        Self.live.add(count * MemoryLayout<Float>.size, ordering: .relaxed)
    }

    /// Ends the process with a message and ``outOfMemoryStatus``.
    static func endForWantOfMemory(bytes: Int) -> Never { end("out of memory: the system has no \(bytes / 1_000_000) MB more") }

    /// Ends the process for want of what the system has no more of, with ``outOfMemoryStatus``.
    static func end(_ reason: String) -> Never {
        try? FileHandle.standardError.write(contentsOf: Data("Error: \(reason)\n".utf8))
        _exit(outOfMemoryStatus)
    }

    /// Lets all threads of the process take small pieces of memory from one heap, where the C library can. A heap of each thread's own takes 64 MB
    /// of address space, and keeps what was freed in it.
    public static func shareHeap() { ck_share_heap() }

    /// Ends the process, as for want of memory, where the system has not so much more: before a library asks for it that would wait for it
    /// without end, or crash.
    static func requireMemory(bytes: Int) {
        if ck_may_map(bytes) == 0 { endForWantOfMemory(bytes: bytes) }
    }

    /// Hands memory that was freed, of buffers or anything else, back to the system, where the C library can.
    public static func returnFreedMemory() { ck_return_freed_memory() }

    deinit {
        ck_free(pointer)
        Self.live.subtract(count * MemoryLayout<Float>.size, ordering: .relaxed)
    }

    public subscript(index: Int) -> Float {
        get {
            precondition(index >= 0 && index < count)
            return pointer[index]
        }
        set {
            precondition(index >= 0 && index < count)
            pointer[index] = newValue
        }
    }
}
