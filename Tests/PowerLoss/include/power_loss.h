#pragma once

#include <stdint.h>

/// What is remembered of one change to a file until the file is synced; the old bytes follow, then the new ones.
///
/// It is written in the machine's own order of bytes and read on the same machine.
struct power_loss_record {
    uint32_t magic;
    uint32_t kind;
    /// Of a write where it begins, of a cut the size that is left, of a renaming whether the new file was synced.
    uint64_t offset;
    uint64_t old_size;
    uint32_t old_count;
    uint32_t new_count;
};

enum { power_loss_magic = 0x10550ff1, power_loss_write = 1, power_loss_cut = 2, power_loss_rename = 3 };
