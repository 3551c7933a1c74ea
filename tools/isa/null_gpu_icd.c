// A Vulkan driver that compiles for an AMD GPU on a machine that has none: Mesa's RADV on its null hardware
// (RADV_FORCE_FAMILY). That hardware can record and submit nothing, so commands, submissions and waits for them return
// at once and do nothing. driver.ts builds it.
//
// RADV_LIB: RADV's library, where it isn't in the loader's path.
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef void (*Function)(void);
typedef Function (*GetProc)(void *handle, const char *name);

static GetProc instance_proc, device_proc;

static void *radv(void) {
  static void *library;
  const char *path = getenv("RADV_LIB");
  if (!library) library = dlopen(path ? path : "libvulkan_radeon.so", RTLD_NOW | RTLD_LOCAL);
  if (!library) abort();
  return library;
}

static int nothing(void) { return 0; } // VK_SUCCESS

static int is_command(const char *name) {
  static const char *const names[] = {
      "vkBeginCommandBuffer", "vkEndCommandBuffer", "vkResetCommandBuffer", "vkQueueSubmit",
      "vkQueueSubmit2",       "vkQueueSubmit2KHR",  "vkQueueWaitIdle",      "vkDeviceWaitIdle",
      "vkWaitForFences",      "vkGetFenceStatus",   "vkResetFences",
  };
  if (!strncmp(name, "vkCmd", 5)) return 1;
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(name, names[i])) return 1;
  return 0;
}

static Function my_device_proc(void *device, const char *name) {
  Function real = device_proc(device, name);
  return real && is_command(name) ? (Function)nothing : real;
}

Function vk_icdGetInstanceProcAddr(void *instance, const char *name) {
  if (!instance_proc) instance_proc = (GetProc)dlsym(radv(), "vk_icdGetInstanceProcAddr");
  Function real = instance_proc(instance, name);
  if (!real) return 0;
  if (!strcmp(name, "vkGetDeviceProcAddr")) {
    device_proc = (GetProc)real;
    return (Function)my_device_proc;
  }
  return is_command(name) ? (Function)nothing : real;
}

int vk_icdNegotiateLoaderICDInterfaceVersion(uint32_t *version) {
  int (*negotiate)(uint32_t *) = (int (*)(uint32_t *))dlsym(radv(), "vk_icdNegotiateLoaderICDInterfaceVersion");
  return negotiate(version);
}

Function vk_icdGetPhysicalDeviceProcAddr(void *instance, const char *name) {
  GetProc get = (GetProc)dlsym(radv(), "vk_icdGetPhysicalDeviceProcAddr");
  return get ? get(instance, name) : 0;
}
