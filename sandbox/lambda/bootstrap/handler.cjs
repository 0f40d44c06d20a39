'use strict';

/** Finds the handler in the function's code, as Lambda's Node.js runtime does, and shapes errors as it does. */

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { types } = require('node:util');

/** `folder/index.handler` or `index.nested.handler`. */
exports.load = async (taskRoot, handler) => {
  const [, folder, file, names] = /^(.*\/)?([^/.]+)\.(.+)$/.exec(handler) ?? [];
  if (file === undefined) throw failure('Runtime.MalformedHandlerName', `Bad handler '${handler}'`);
  const module = await loadModule(path.resolve(taskRoot, folder ?? '', file));
  const found = names.split('.').reduce((value, name) => value?.[name], module);
  if (typeof found !== 'function') {
    throw failure('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return found;
};

async function loadModule(base) {
  const file = ['', '.js', '.mjs', '.cjs'].map((extension) => base + extension).find((name) => isFile(name));
  if (file === undefined) {
    throw failure('Runtime.ImportModuleError', `Error: Cannot find module '${path.basename(base)}'`);
  }
  try {
    return file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw failure('Runtime.ImportModuleError', String(error));
    }
    if (error instanceof SyntaxError) throw failure('Runtime.UserCodeSyntaxError', String(error));
    throw error;
  }
}

function isFile(name) {
  return fs.statSync(name, { throwIfNoEntry: false })?.isFile() ?? false;
}

function failure(name, message) {
  return Object.assign(new Error(message), { name });
}

/**
 * Outside its own folder a function finds only what Lambda's runtime brings along. Without this, a bundle that lacks a
 * dependency would find it in the repository.
 */
exports.confine = (taskRoot) => {
  const root = fs.realpathSync(taskRoot) + path.sep;
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, ...rest) {
    const found = resolve.call(this, request, parent, ...rest);
    const fromFunction = parent?.filename?.startsWith(root);
    if (!fromFunction || found.startsWith(root) || !path.isAbsolute(found) || RUNTIME_MODULES.test(request))
      return found;
    throw Object.assign(new Error(`Cannot find module '${request}'\nRequire stack:\n- ${parent.filename}`), {
      code: 'MODULE_NOT_FOUND',
    });
  };
};

const RUNTIME_MODULES = /^(@aws-sdk|@smithy|@aws-crypto|@aws)\//;

/** The body of an error answer. */
exports.describe = (error) => {
  if (types.isNativeError(error) || error instanceof Error) {
    const trace = String(error.stack ?? '').split('\n');
    return { errorType: error.name, errorMessage: error.message, trace };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
};
