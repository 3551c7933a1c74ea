import { openPort } from '../../protocol/port';
import { hostOnnx } from './onnxHost';
import type { OnnxCommand, OnnxNotice } from './onnxMessages';

hostOnnx(openPort<OnnxNotice, OnnxCommand>(self as unknown as Worker), () => import('onnxruntime-web/webgpu'));
