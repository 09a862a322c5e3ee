import Foundation

/// A thread of the system. Foundation's begins without a word where the system has none, and what waits for it waits for ever.
public enum SystemThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs `body` on a thread of its own, which ends with it. A process that gets no thread ends with a message and
    /// ``Buffer/outOfMemoryStatus``, as for want of memory.
    ///
    /// - Parameter stackSize: in bytes; the system's usual one where it is left out.
    public static func detach(stackSize: Int? = nil, _ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        if let stackSize { pthread_attr_setstacksize(&attributes, stackSize) }
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        #if canImport(Darwin)
            var thread: pthread_t?
            let error = pthread_create(&thread, &attributes, { context in
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        #else
            var thread = pthread_t()
            let error = pthread_create(&thread, &attributes, { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context)
        #endif
        if error != 0 { Buffer.end("out of threads: the system has no thread more (\(String(cString: strerror(error))))") }
    }
}
