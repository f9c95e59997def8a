/* Opens the device of the library, its argument, and prints what comes of it. */
#include "api.h"

int main(int count, char **arguments) {
    CHECK(count == 2);
    struct api api = load(arguments[1]);
    void *device = &api;
    int status = api.OpenDevice(&device);
    CHECK((status == SDR_OK) == (device != NULL));
    printf("%#x\n", status);
    return 0;
}
