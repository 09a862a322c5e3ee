// What OpenBLAS has beside its headers.
#include "CKernels.h"

#if defined(__ELF__)
// Of every OpenBLAS with threads, for it runs before each fork; weak, lest another library with the same calls be refused.
extern int blas_thread_shutdown_(void) __attribute__((weak));

void ck_end_blas_threads(void) {
    if (blas_thread_shutdown_) blas_thread_shutdown_();
}
#else
void ck_end_blas_threads(void) {}
#endif
